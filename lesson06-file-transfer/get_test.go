package transfer

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

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
	text := `{"filename":"hello.txt","md5":"` + helloMD5 + `","file_size":32}`
	want := string([]byte{byte(len(text)), 0, 0, 0}) + text + hello
	got := make([]byte, len(want))
	_, err := io.ReadFull(conn, got)
	require.NoError(t, err)
	assert.Equal(t, want, string(got))
	require.NoError(t, conn.CloseWrite())
	rest, err := io.ReadAll(conn)
	require.NoError(t, err)
	assert.Empty(t, rest, "nothing follows the content")
	server.shown.until(t, here(conn)+" connected")
	server.shown.until(t, here(conn)+` asks "get hello.txt"`)
	server.shown.until(t, here(conn)+` has "hello.txt": 32 bytes from 0 on`)
	server.shown.until(t, here(conn)+" closed its side: EOF")
}

func TestFilesOfEverySizeFrom0UpAreExact(t *testing.T) {
	nothingLeft(t)
	server, download := serve(t, new(Server), t.TempDir()), t.TempDir()
	var requests []string
	for _, size := range []int{0, 1, 2, 255, 256, 1023, 1024, 1025, 65535, 65536, 256<<10 - 1, 256 << 10, 256<<10 + 1, 1<<20 - 1, 1 << 20, 1<<20 + 1, 5_000_000} {
		name := fmt.Sprint(size, " bytes")
		write(t, server.dir, name, random(size))
		requests = append(requests, "get "+name)
	}
	shown, err := talk(t, Client{}, download, server.addr, requests...)
	require.NoError(t, err)
	assert.True(t, files(t, server.dir)["1048577 bytes"] != "")
	assert.True(t, equal(files(t, server.dir), files(t, download)), "the same files, and no others")
	assert.Equal(t, len(requests), strings.Count(shown, "md5 is right"))
}

// equal compares without showing megabytes when it fails.
func equal(a, b map[string]string) bool {
	for name := range a {
		if a[name] != b[name] {
			return false
		}
	}
	return len(a) == len(b)
}

// random returns size bytes that repeat nowhere, the same ones each time.
func random(size int) string {
	content := make([]byte, size/2+1)
	rand.NewChaCha8([32]byte{}).Read(content) // which never fails
	return hex.EncodeToString(content)[:size]
}

func TestANameMayHaveBlanksAnyLettersAndDirectories(t *testing.T) {
	server, download := serve(t, new(Server), t.TempDir()), t.TempDir()
	names := []string{"a name with blanks", "  two before", "诗/套接字.txt", "a/b/c/d", "é", "-force", "get x", "semi;colon", ".hidden", "..almost", strings.Repeat("long", 60)}
	if runtime.GOOS != "windows" { // which keeps these letters for itself
		names = append(names, `"quoted"`, "tab\tbed", "a:b", "what?*", "\x1b[2J")
	}
	var requests []string
	for _, name := range names {
		write(t, server.dir, name, "this is "+name)
		requests = append(requests, "get "+name)
	}
	_, err := talk(t, Client{}, download, server.addr, requests...)
	require.NoError(t, err)
	assert.Equal(t, files(t, server.dir), files(t, download))
}

func TestAFileHasItsNameOnlyWhenItIsComplete(t *testing.T) {
	download := t.TempDir()
	addr := asServer(t, func(conn *net.TCPConn) {
		heard(conn)
		writeHeader(conn, header{FileName: "hello.txt", MD5: helloMD5, FileSize: 32})
		io.WriteString(conn, hello[:16])
		heard(conn) // nothing: waits until the client has left
	})
	client := startGo(t, "client", "-addr", addr, "-dir", download, "get", "hello.txt")
	client.line(t) // connected
	assert.Equal(t, `"hello.txt": 50% of 32 bytes`, client.line(t))
	during := files(t, download)
	assert.NotContains(t, during, "hello.txt")
	assert.Equal(t, map[string]string{".hello.txt." + helloMD5 + ".part": hello[:16]}, during)
}

func TestAFileThatExistsIsReplacedOnlyWithForce(t *testing.T) {
	server, download := serve(t, new(Server), shared(t)), t.TempDir()
	write(t, download, "hello.txt", "mine")
	shown, err := talk(t, Client{}, download, server.addr, "get hello.txt")
	assert.EqualError(t, err, `"hello.txt" is here already: -force replaces it`)
	assert.Contains(t, shown, `not fetched: "hello.txt" is here already: -force replaces it`)
	assert.Equal(t, map[string]string{"hello.txt": "mine"}, files(t, download))
	shown, err = talk(t, Client{Force: true}, download, server.addr, "get hello.txt")
	assert.NoError(t, err)
	assert.Contains(t, shown, `"hello.txt": 32 bytes, md5 is right`)
	assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, download))
}

func TestAFileThatComesIntoBeingMeanwhileIsNotReplaced(t *testing.T) {
	for _, force := range []bool{false, true} {
		server, download := serve(t, new(Server), shared(t)), t.TempDir()
		link := relay(t, server.addr, func(answer net.Conn, server io.Reader) {
			io.CopyN(answer, server, 100)
			write(t, download, "hello.txt", "mine")
			io.Copy(answer, server)
		})
		shown, err := talk(t, Client{Force: force}, download, link, "get hello.txt", "get poems/套接字.txt")
		if force {
			assert.NoError(t, err)
			assert.Equal(t, hello, files(t, download)["hello.txt"])
			continue
		}
		assert.ErrorContains(t, err, `"hello.txt" has come into being meanwhile: -force replaces it`)
		assert.Contains(t, shown, `"poems/套接字.txt": 51 bytes, md5 is right`, "the connection lives on")
		assert.Equal(t, "mine", files(t, download)["hello.txt"])
		assert.Equal(t, hello, files(t, download)[partName("hello.txt", helloMD5)], "what came is kept")
	}
}

// A lastConn hands over all there is to read together with io.EOF.
type lastConn struct {
	net.Conn
	answer io.Reader
}

func (c lastConn) Read(buf []byte) (int, error) { return c.answer.Read(buf) }

func TestBytesThatComeTogetherWithTheEndCount(t *testing.T) {
	conn, server := net.Pipe()
	defer server.Close()
	go io.Copy(io.Discard, server)
	var answer, out bytes.Buffer
	writeHeader(&answer, header{FileName: "hello.txt", MD5: helloMD5, FileSize: 32})
	answer.WriteString(hello)
	client := Client{Root: openRoot(t, t.TempDir()), Out: &out}
	assert.NoError(t, client.Talk(lastConn{conn, iotest.DataErrReader(&answer)}, strings.NewReader("get hello.txt")))
	assert.Contains(t, out.String(), "md5 is right")
}

func TestADirectoryInTheWayIsSaidInOneLine(t *testing.T) {
	server, download := serve(t, new(Server), shared(t)), t.TempDir()
	write(t, download, "poems", "a file")
	_, err := talk(t, Client{}, download, server.addr, "get poems/套接字.txt")
	assert.ErrorContains(t, err, "mkdirat poems")
	write(t, filepath.Join(download, "hello.txt"), "inside", "")
	_, err = talk(t, Client{Force: true}, download, server.addr, "get hello.txt")
	assert.Error(t, err)
	assert.Contains(t, files(t, download), "hello.txt/inside")
}
