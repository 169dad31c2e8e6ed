package transfer

import (
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAResumptionThatBreaksOffCanBeResumed(t *testing.T) {
	server, download := serve(t, new(Server), t.TempDir()), t.TempDir()
	content := random(1_000_000)
	write(t, server.dir, "big", content)
	pieces := relay(t, server.addr, cutAfter(150_000))
	before := 0
	for {
		_, err := talk(t, Client{Resume: true}, download, pieces, "get big")
		now := onlyOne(t, files(t, download))
		require.True(t, strings.HasPrefix(content, now))
		require.Greater(t, len(now), before)
		before = len(now)
		if err == nil {
			break
		}
	}
	assert.True(t, maps.Equal(map[string]string{"big": content}, files(t, download)))
}

func TestWithoutResumeATransferStartsOver(t *testing.T) {
	server, download := serve(t, new(Server), shared(t)), t.TempDir()
	write(t, download, partName("hello.txt", helloMD5), hello[:10])
	_, err := talk(t, Client{}, download, server.addr, "get hello.txt")
	assert.NoError(t, err)
	server.shown.until(t, `has "hello.txt": 32 bytes from 0 on`)
	assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, download))
}

func TestResumeTakesAPartOfAnyLength(t *testing.T) {
	for _, length := range []int{0, 1, 31, 32} {
		server, download := serve(t, new(Server), shared(t)), t.TempDir()
		write(t, download, partName("hello.txt", helloMD5), hello[:length])
		_, err := talk(t, Client{Resume: true}, download, server.addr, "get hello.txt")
		assert.NoError(t, err)
		assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, download))
	}
	server, download := serve(t, new(Server), shared(t)), t.TempDir()
	write(t, download, partName("hello.txt", helloMD5), hello+"more than there is")
	_, err := talk(t, Client{Resume: true}, download, server.addr, "get hello.txt")
	assert.NoError(t, err)
	server.shown.until(t, `has "hello.txt": 32 bytes from 0 on`)
	assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, download))
}

func TestAFileThatHasChangedStartsOver(t *testing.T) {
	server, download := serve(t, new(Server), t.TempDir()), t.TempDir()
	before, after := random(1_000_000), strings.ToUpper(random(1_000_000))
	write(t, server.dir, "big", before)
	_, err := talk(t, Client{}, download, relay(t, server.addr, cutAfter(600_000)), "get big")
	require.Error(t, err)
	write(t, server.dir, "big", after)
	_, err = talk(t, Client{Resume: true}, download, server.addr, "get big")
	assert.NoError(t, err)
	server.shown.until(t, `has "big": 1000000 bytes from 0 on`)
	assert.True(t, maps.Equal(map[string]string{"big": after}, files(t, download)), "the older part is gone too")
}

func TestADamagedPartIsFoundOutAndRemoved(t *testing.T) {
	server, download := serve(t, new(Server), shared(t)), t.TempDir()
	write(t, download, partName("hello.txt", helloMD5), "HELLO")
	_, err := talk(t, Client{Resume: true}, download, server.addr, "get hello.txt")
	assert.ErrorContains(t, err, "it was changed or damaged on its way")
	assert.Empty(t, files(t, download))
	_, err = talk(t, Client{Resume: true}, download, server.addr, "get hello.txt")
	assert.NoError(t, err)
	assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, download))
}

func TestACompletePartWhoseNameWasTakenNeedsOnlyTheName(t *testing.T) {
	server, download := serve(t, new(Server), shared(t)), t.TempDir()
	write(t, download, partName("hello.txt", helloMD5), hello)
	write(t, download, "hello.txt", "mine")
	_, err := talk(t, Client{Resume: true, Force: true}, download, server.addr, "get hello.txt")
	assert.NoError(t, err)
	server.shown.until(t, `has "hello.txt": 0 bytes from 32 on`)
	assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, download))
}

// A client can be killed at any point of a get. These are the states that it
// leaves its directory in.
func TestWhateverAKilledClientHasLeftAWholeFileIsNeverShortened(t *testing.T) {
	server := serve(t, new(Server), shared(t))
	part := partName("hello.txt", helloMD5)
	for state, leave := range map[string]func(dir string){
		"before the part has its name": func(dir string) { write(t, dir, "hello.txt", "mine") },
		"before the first byte":        func(dir string) { write(t, dir, "hello.txt", "mine"); write(t, dir, part, "") },
		"in the middle":                func(dir string) { write(t, dir, "hello.txt", "mine"); write(t, dir, part, hello[:10]) },
		"before the file has its name": func(dir string) { write(t, dir, "hello.txt", "mine"); write(t, dir, part, hello) },
		"while the file has two names": func(dir string) { write(t, dir, "hello.txt", hello); link(t, dir, "hello.txt", part) },
		"before an older part was taken": func(dir string) {
			write(t, dir, "hello.txt", hello)
			write(t, dir, partName("hello.txt", md5Of("old")), "o")
		},
		"while an older one had two": func(dir string) {
			write(t, dir, "hello.txt", "old")
			link(t, dir, "hello.txt", partName("hello.txt", md5Of("old")))
		},
	} {
		for _, client := range []Client{{}, {Force: true}, {Resume: true}, {Force: true, Resume: true}} {
			dir := t.TempDir()
			leave(dir)
			before := files(t, dir)["hello.txt"]
			_, err := talk(t, client, dir, relay(t, server.addr, cutAfter(4+80+16)), "get hello.txt")
			if err != nil { // a resumption may be done before the cut
				assert.Equal(t, before, files(t, dir)["hello.txt"], "%s, then cut off", state)
			}
			_, err = talk(t, client, dir, server.addr, "get hello.txt")
			if !client.Force {
				assert.ErrorContains(t, err, "is here already")
				assert.Equal(t, before, files(t, dir)["hello.txt"], state)
				continue
			}
			assert.NoError(t, err, state)
			if client.Resume {
				assert.NotContains(t, files(t, dir), part, state)
			}
			assert.Equal(t, hello, files(t, dir)["hello.txt"], state)
		}
	}
}

func link(t *testing.T, dir, name, other string) {
	t.Helper()
	require.NoError(t, os.Link(filepath.Join(dir, name), filepath.Join(dir, other)))
}

func TestCtrlCKeepsThePartAndSaysHowToResume(t *testing.T) {
	place := newPlace(t)
	content := random(1_000_000)
	write(t, place.share, "big", content)
	_, addr := place.startServer(t, "own")
	stalled := relay(t, addr, func(answer net.Conn, server io.Reader) {
		io.CopyN(answer, server, 600_000)
		answer.Read(make([]byte, 1)) // until the client has left
	})
	client := startGo(t, "client", "-addr", stalled, "-dir", place.download, "get", "big")
	for line := ""; line != `"big": 50% of 1000000 bytes`; line = client.line(t) {
	}
	client.interrupt(t)
	status, lines := client.exit(t)
	assert.Zero(t, status)
	require.Len(t, lines, 1)
	assert.Regexp(t, `^interrupted: "big" broke off after \d+ of 1000000 bytes, -resume goes on from there$`, lines[0])
	assert.True(t, strings.HasPrefix(content, onlyOne(t, files(t, place.download))))

	client = startGo(t, "client", "-addr", addr, "-dir", place.download, "-resume", "get", "big")
	status, lines = client.exit(t)
	assert.Zero(t, status)
	assert.Equal(t, `"big": 1000000 bytes, md5 is right`, lines[len(lines)-1])
	got, err := os.ReadFile(filepath.Join(place.download, "big"))
	require.NoError(t, err)
	assert.True(t, content == string(got))
}

// know has server take sum for the md5 of dir/name as it is now.
func know(t *testing.T, server *Server, dir, name, sum string) {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, name))
	require.NoError(t, err)
	server.checksums.mu.Lock()
	defer server.checksums.mu.Unlock()
	server.checksums.remember(name, finished(info, sum))
}

// finished returns a checksum for which nothing is left to be read.
func finished(info os.FileInfo, sum string) *checksum {
	c := newChecksum(info)
	c.settled, c.fresh = true, false
	c.read.Store(info.Size())
	c.sum = sum
	return c
}

func TestAnAnswerStartsAtAnyOffsetEvenPast2GiB(t *testing.T) {
	const size = 3 << 30
	server := new(Server)
	serving := serve(t, server, t.TempDir())
	write(t, serving.dir, "big", "the beginning")
	require.NoError(t, os.Truncate(filepath.Join(serving.dir, "big"), size)) // sparse: it takes no room
	sum := strings.Repeat("0", 32)                                           // nobody computes it
	know(t, server, serving.dir, "big", sum)

	conn := connect(t, serving.addr)
	for _, offset := range []int64{size, size - 1, size - 1000} {
		send(t, conn, fmt.Sprintf("get big\n %d %s", offset, sum))
		h, content := answered(t, conn)
		assert.Equal(t, header{FileName: "big", MD5: sum, FileSize: size, Offset: offset}, h)
		assert.Equal(t, strings.Repeat("\x00", int(size-offset)), content)
	}
	for _, offset := range []int64{0, size + 1} { // then the answer starts at the beginning
		send(t, conn, fmt.Sprintf("get big\n %d %s", offset, sum))
		h, err := readHeader(conn)
		require.NoError(t, err)
		assert.Equal(t, header{FileName: "big", MD5: sum, FileSize: size}, h)
		start := make([]byte, 13)
		_, err = io.ReadFull(conn, start)
		require.NoError(t, err)
		assert.Equal(t, "the beginning", string(start))
		require.NoError(t, conn.Close())
		conn = connect(t, serving.addr)
	}
	send(t, conn, "get big\n 7 "+strings.Repeat("1", 32))
	h, err := readHeader(conn)
	require.NoError(t, err)
	assert.Zero(t, h.Offset, "another md5 is another file")
}
