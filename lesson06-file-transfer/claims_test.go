package transfer

import (
	"fmt"
	"io"
	"maps"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const hello = "hello from the shared directory\n"

// helloMD5 is what md5sum says of hello.
const helloMD5 = "75f09167711bf64b5495da8344b0a8d0"

func TestGetNAMEIsAnsweredByLengthHeaderAndContent(t *testing.T) {
	server := serve(t, new(Server), shared(t))
	conn := connect(t, server.addr)
	send(t, conn, "get hello.txt")
	require.NoError(t, conn.CloseWrite())
	got, err := io.ReadAll(conn)
	require.NoError(t, err)
	text := `{"filename":"hello.txt","md5":"` + helloMD5 + `","file_size":32}`
	assert.Equal(t, "\x50\x00\x00\x00"+text+hello, string(got))

	assert.Equal(t, here(conn)+" connected", server.shown.until(t, here(conn)))
	assert.Equal(t, here(conn)+` asks "get hello.txt"`, server.shown.until(t, here(conn)))
	assert.Equal(t, here(conn)+` has "hello.txt": 32 bytes from 0 on`, server.shown.until(t, here(conn)))
	assert.Equal(t, here(conn)+" closed its side: EOF", server.shown.until(t, here(conn)))
}

func TestFilesOfEverySizeFrom0UpAreExact(t *testing.T) {
	nothingLeft(t)
	server, download := serve(t, new(Server), t.TempDir()), t.TempDir()
	var requests []string
	for _, size := range []int{0, 1, 2, 255, 256, 1023, 1024, 1025, 65535, 65536, 256<<10 - 1, 256 << 10, 256<<10 + 1, 1 << 20, 5_000_000} {
		name := fmt.Sprint(size, " bytes")
		write(t, server.dir, name, random(size))
		requests = append(requests, "get "+name)
	}
	shown, err := talk(t, Client{}, download, server.addr, requests...)
	require.NoError(t, err)
	assert.Equal(t, len(requests), strings.Count(shown, "md5 is right"))
	assert.True(t, maps.Equal(files(t, server.dir), files(t, download)), "the same files, and no others")
}

func TestProgressIsShownWhileItRuns(t *testing.T) {
	seen := make(chan struct{}, 4)
	addr := asServer(t, func(conn *net.TCPConn) {
		heard(conn)
		writeHeader(conn, header{FileName: "hello.txt", MD5: helloMD5, FileSize: 32})
		for i := 0; i < 32; i += 8 { // the next piece only when the one before has been shown
			io.WriteString(conn, hello[i:i+8])
			await(t, seen)
		}
	})
	client := startGo(t, "client", "-addr", addr, "-dir", t.TempDir(), "get", "hello.txt")
	client.line(t) // connected
	for _, line := range []string{`"hello.txt": 25% of 32 bytes`, `"hello.txt": 50% of 32 bytes`, `"hello.txt": 75% of 32 bytes`, `"hello.txt": 32 bytes, md5 is right`} {
		assert.Equal(t, line, client.line(t))
		seen <- struct{}{}
	}
}

func TestManyFilesComeOverOneConnectionOneAfterAnother(t *testing.T) {
	server, download := serve(t, new(Server), t.TempDir()), t.TempDir()
	var requests []string
	for i := range 100 {
		name := fmt.Sprint("file ", i)
		write(t, server.dir, name, random(i*i))
		requests = append(requests, "get "+name)
	}
	_, err := talk(t, Client{}, download, server.addr, requests...)
	require.NoError(t, err)
	assert.True(t, maps.Equal(files(t, server.dir), files(t, download)))
	require.NoError(t, server.stop())
	assert.Equal(t, 1, server.shown.count(" connected\n"))
}

func TestTheHeadersMd5LetsTheClientCheckWhatItGot(t *testing.T) {
	sharing := new(Server)
	server, download := serve(t, sharing, t.TempDir()), t.TempDir()
	write(t, server.dir, "a", "the right words")
	shown, err := talk(t, Client{}, download, server.addr, "get a")
	require.NoError(t, err)
	assert.Contains(t, shown, `"a": 15 bytes, md5 is right`)
	server.shown.until(t, "EOF")

	write(t, server.dir, "a", "the wrong words")
	know(t, sharing, server.dir, "a", "d6571a4a586bbe41dee6c4b341783b1f") // as if the file had changed on its way
	shown, err = talk(t, Client{Force: true}, download, server.addr, "get a", "get a")
	assert.EqualError(t, err, `"a" came with md5 97160ce3c94347ed22a742cb66603ad4, but should have d6571a4a586bbe41dee6c4b341783b1f: it was changed or damaged on its way`)
	assert.Equal(t, 2, strings.Count(shown, "not fetched"), "the connection lives on")
	assert.Equal(t, map[string]string{"a": "the right words"}, files(t, download), "what was there stays, and no part is left")
}

func TestAfterAnErrorTheConnectionLivesOn(t *testing.T) {
	server, download := serve(t, new(Server), shared(t)), t.TempDir()
	shown, err := talk(t, Client{}, download, server.addr,
		"get nosuch", "get poems", "nonsense", "get ../escape", "", "   ", "get", "get nosuch/either", "  get hello.txt  ")
	assert.EqualError(t, err, `"nosuch/either": the server says "no such file"`, "the last error decides the exit status")
	assert.Equal(t, []string{
		`not fetched: "nosuch": the server says "no such file"`,
		`not fetched: "poems": the server says "not a regular file"`,
		`not fetched: not a request: say "get NAME" or "list"`,
		`not fetched: not the name of a shared file: "../escape"`,
		`not fetched: not a request: say "get NAME" or "list"`,
		`not fetched: "nosuch/either": the server says "no such file"`,
		`"hello.txt": 32 bytes, md5 is right`,
		``,
	}, strings.Split(shown, "\n")[1:])
	assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, download))
	server.shown.until(t, "refused: no such file")
	server.shown.until(t, "refused: not a regular file")
}

func TestNoNameLeadsOutOfTheSharedDirectory(t *testing.T) {
	nothingLeft(t)
	dir := t.TempDir()
	write(t, dir, "secret", "not for you")
	write(t, dir, "share/inside/words", "for you")
	server := serve(t, new(Server), filepath.Join(dir, "share"))
	for _, name := range []string{
		"../secret", "inside/../../secret", "..", "/etc/hostname", filepath.Join(dir, "secret"), "inside/../inside/words",
		"./inside/words", "inside//words", ".", "", `..\secret`, "%2e%2e/secret", "....//secret", "inside/words/../../../secret",
		"../share/inside/words", "\x00", "~/.profile", "file:///etc/hostname",
	} {
		said := sayToGet(t, server.addr, name)
		assert.Regexp(t, "^(not a request|not the name of a shared file|no such file)", said, "%q", name)
	}
	assert.Equal(t, "for you", sayToGet(t, server.addr, "inside/words"), "the server serves the next client")
}

func TestANameFromTheServerIsNeverAPathThatWasNotAskedFor(t *testing.T) {
	for _, name := range []string{"../mine", "/tmp/mine", "mine", "hello.txt/", "./hello.txt", "HELLO.TXT", "", "..", `..\mine`, "hello.txt\x00", "error.txt"} {
		answer := `{"filename":` + quoted(name) + `,"md5":"` + helloMD5 + `","file_size":32}`
		found, _, err := fromLiar(t, Client{Force: true}, string(framed(answer))+hello, "get hello.txt")
		assert.ErrorContains(t, err, `asked for "hello.txt", got "`, "a header that names %q is no answer to it", name)
		assert.Empty(t, found, "files that came under the name of %q", name)
	}
}

func TestAConnectionThatIsCutAtAnyByteLeavesTheRightFileOrNone(t *testing.T) {
	nothingLeft(t)
	server := serve(t, new(Server), shared(t))
	const head, whole = 4 + 80, 4 + 80 + 32
	for cut := range whole + 1 {
		download := t.TempDir()
		_, err := talk(t, Client{}, download, relay(t, server.addr, cutAfter(cut)), "get hello.txt")
		found := files(t, download)
		switch {
		case cut == whole:
			assert.NoError(t, err)
			assert.Equal(t, map[string]string{"hello.txt": hello}, found)
		case cut <= head:
			assert.Error(t, err)
			assert.Empty(t, found)
		default:
			assert.ErrorContains(t, err, "-resume goes on from there", "the end of the connection is not the end of the file")
			assert.Equal(t, map[string]string{partName("hello.txt", helloMD5): hello[:cut-head]}, found)
		}
		require.False(t, t.Failed(), "cut after %d bytes of %d", cut, whole)
	}
}

func TestABrokenTransferKeepsItsPartAndResumeGoesOnFromThere(t *testing.T) {
	nothingLeft(t)
	server, download := serve(t, new(Server), t.TempDir()), t.TempDir()
	content := random(1_000_000)
	write(t, server.dir, "dir/big", content)
	_, err := talk(t, Client{}, download, relay(t, server.addr, cutAfter(600_000)), "get dir/big")
	require.ErrorContains(t, err, " of 1000000 bytes, -resume goes on from there: unexpected EOF")
	part := onlyOne(t, files(t, download))
	assert.True(t, strings.HasPrefix(content, part))
	assert.Greater(t, len(part), 590_000)

	shown, err := talk(t, Client{Resume: true}, download, server.addr, "get dir/big")
	assert.NoError(t, err)
	assert.Contains(t, shown, `"dir/big": 1000000 bytes, md5 is right`)
	assert.True(t, maps.Equal(map[string]string{"dir/big": content}, files(t, download)), "no part is left")
	server.shown.until(t, fmt.Sprintf(`has "dir/big": %d bytes from %d on`, 1_000_000-len(part), len(part)))
}
