package transfer

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What is wrong with the originals, each shown happening to them, and what their
// plain twins and the lesson's own do instead.

// D10. recv(4) returns the first of four bytes that come one by one.
func TestAHeaderInPiecesEndsThePythonClientAndNotTheGoOnes(t *testing.T) {
	server := serve(t, new(Server), shared(t))
	for pieces, complaint := range map[int64]string{
		2:  "struct.error: unpack requires a buffer of 4 bytes",
		20: "json.decoder.JSONDecodeError",
	} {
		place := newPlace(t)
		half := relay(t, server.addr, func(answer net.Conn, from io.Reader) {
			io.CopyN(answer, from, pieces)
			await(t, nil) // the rest comes too late
		})
		_, last := place.fetch(t, "Python", half)
		assert.Contains(t, last, complaint)
	}
	for _, kind := range []string{"plain", "own"} {
		place := newPlace(t)
		status, last := place.fetch(t, kind, relay(t, server.addr, inPieces))
		assert.Zero(t, status, last)
		assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, place.download), kind)
	}
}

// fetch has the client of a kind get hello.txt, and returns its exit status and
// its last line.
func (p place) fetch(t *testing.T, kind, addr string) (status int, last string) {
	t.Helper()
	client := p.startClient(t, kind, addr)
	client.typeLine(t, "get hello.txt")
	require.NoError(t, client.stdin.Close())
	status, lines := client.exit(t)
	return status, lines[len(lines)-1]
}

// inPieces lets answers pass a byte a packet, up to the content.
func inPieces(answer net.Conn, server io.Reader) {
	for range 4 + 60 {
		if _, err := io.CopyN(answer, server, 1); err != nil {
			return
		}
	}
	io.Copy(answer, server)
}

// D11.
func TestAMissingFileABareGetOrADirectoryEndsOnlyThePythonServer(t *testing.T) {
	place := newPlace(t)
	write(t, place.share, "hello.txt", hello)
	require.NoError(t, os.Mkdir(filepath.Join(place.share, "folder"), 0o777))
	_, plain := place.startServer(t, "plain")
	_, own := place.startServer(t, "own")
	for request, exception := range map[string]string{
		"get nosuch": "FileNotFoundError",
		"get":        "IndexError",
		"get folder": "IsADirectoryError",
	} {
		server, addr := place.startServer(t, "Python")
		send(t, connect(t, addr), request)
		_, lines := server.exit(t)
		assert.Contains(t, lines[len(lines)-1], exception)
		_, err := net.Dial("tcp", addr)
		assert.Error(t, err, "nobody is served any more")

		conn := connect(t, plain)
		send(t, conn, request)
		_, err = conn.Read(make([]byte, 1))
		assert.ErrorIs(t, err, io.EOF, "that client has to go")
		assert.Equal(t, hello, sayToGet(t, plain, "hello.txt"), "and the next is served")

		conn = connect(t, own)
		send(t, conn, request)
		h, _ := answered(t, conn)
		assert.NotEmpty(t, h.Error)
		send(t, conn, "get hello.txt")
		_, content := answered(t, conn)
		assert.Equal(t, hello, content, "even the same connection lives on")
	}
}

// D12.
func TestAPathWithDotsLeadsOutOfThePythonServersDirectoryOnly(t *testing.T) {
	for _, kind := range kinds {
		place := newPlace(t)
		write(t, place.dir, "secret", "not for you")
		_, addr := place.startServer(t, kind)
		conn := connect(t, addr)
		send(t, conn, "get ../secret")
		require.NoError(t, conn.CloseWrite())
		answer, err := io.ReadAll(conn)
		require.NoError(t, err)
		assert.Equal(t, kind == "Python", strings.Contains(string(answer), "not for you"), kind)
	}
}

// D13. Everything here lies in the test's own directory.
func TestOnlyThePythonClientWritesWhereverTheServerSays(t *testing.T) {
	for kind, want := range map[string]string{
		"Python": "EOFError: EOF when reading a line",
		"plain":  `"openat ../mine: path escapes from parent"`,
		"own":    `client: asked for "hello.txt", got "../mine"`,
	} {
		place := newPlace(t)
		write(t, place.dir, "mine", "mine")
		addr := asServer(t, func(conn *net.TCPConn) {
			heard(conn)
			writeHeader(conn, header{FileName: "../mine", MD5: md5Of("theirs"), FileSize: 6})
			io.WriteString(conn, "theirs")
			heard(conn)
		})
		status, last := place.fetch(t, kind, addr)
		assert.Equal(t, 1, status, kind)
		assert.Equal(t, want, last)
		mine, err := os.ReadFile(filepath.Join(place.dir, "mine"))
		require.NoError(t, err)
		assert.Equal(t, kind == "Python", string(mine) == "theirs", "what %s has left: %q", kind, mine)
	}
}

// D14. The Python client is stopped after a thousand lines.
func TestAServerThatDiesMidwayMakesThePythonClientSpinAndTheGoOnesStop(t *testing.T) {
	dying := func(conn *net.TCPConn) {
		heard(conn)
		writeHeader(conn, header{FileName: "hello.txt", MD5: helloMD5, FileSize: 32})
		io.WriteString(conn, hello[:10])
	}
	client := newPlace(t).startClient(t, "Python", asServer(t, dying))
	client.typeLine(t, "get hello.txt")
	assert.Contains(t, client.line(t), "'file_size': 32")
	for range 1000 {
		require.Equal(t, "total: 32, received: 10", client.line(t))
	}
	for kind, want := range map[string]string{
		"plain": "received 10 of 32 bytes: EOF",
		"own":   `client: "hello.txt" broke off after 10 of 32 bytes, -resume goes on from there: unexpected EOF; the other side has closed the connection: look at its last lines`,
	} {
		status, last := newPlace(t).fetch(t, kind, asServer(t, dying))
		assert.Equal(t, 1, status, kind)
		assert.Equal(t, want, last)
	}
}

// D15.
func TestANameWithABlankCannotBeAskedForInPython(t *testing.T) {
	place := newPlace(t)
	write(t, place.share, "a name with blanks.txt", "words")
	server, addr := place.startServer(t, "Python")
	send(t, connect(t, addr), "get a name with blanks.txt")
	_, lines := server.exit(t)
	assert.Contains(t, lines[len(lines)-1], "FileNotFoundError")
	assert.True(t, strings.HasSuffix(lines[len(lines)-1], "/a'"), "it looks for a file called a")
	for _, kind := range []string{"plain", "own"} {
		_, addr = place.startServer(t, kind)
		assert.Equal(t, "words", sayToGet(t, addr, "a name with blanks.txt"), kind)
	}
}

// D16. Plain shares it.
func TestADamagedFileIsTakenByAllButTheLessonsOwnClient(t *testing.T) {
	server := serve(t, new(Server), shared(t))
	damaging := relay(t, server.addr, func(answer net.Conn, from io.Reader) {
		io.CopyN(answer, from, 4+80+31)
		io.WriteString(answer, "!") // and not the line's end
		io.Copy(io.Discard, from)   // until the client has left
	})
	for _, kind := range kinds {
		place := newPlace(t)
		_, last := place.fetch(t, kind, damaging)
		if kind == "own" {
			assert.Contains(t, last, "it was changed or damaged on its way")
			assert.Empty(t, files(t, place.download))
			continue
		}
		assert.Equal(t, map[string]string{"hello.txt": strings.TrimSpace(hello) + "!"}, files(t, place.download), kind)
	}
}

// D17. Plain shares it.
func TestABrokenTransferLeavesAHalfFileThatLooksWholeToAllButTheLessonsOwn(t *testing.T) {
	server := serve(t, new(Server), t.TempDir())
	content := random(100_000)
	write(t, server.dir, "big", content)
	cut := relay(t, server.addr, cutAfter(60_000))
	for _, kind := range kinds {
		place := newPlace(t)
		client := place.startClient(t, kind, cut)
		client.typeLine(t, "get big")
		if kind == "Python" {
			for before, line := "", client.line(t); line != before; before, line = line, client.line(t) {
			} // it receives nothing more, and does not end
			require.NoError(t, client.cmd.Process.Kill())
		}
		client.exit(t)
		half, found := files(t, place.download)["big"]
		assert.Equal(t, kind != "own", found, "a file called big, %s", kind)
		assert.Less(t, len(half), 60_000)
	}
}

// D19. Plain shares it: it serves the second client when the first has left.
func TestASilentClientHoldsUpAllServersButTheLessonsOwn(t *testing.T) {
	for _, kind := range kinds {
		place := newPlace(t)
		write(t, place.share, "hello.txt", hello)
		server, addr := place.startServer(t, kind)
		silent, second := connect(t, addr), connect(t, addr)
		server.line(t) // it has accepted the first
		send(t, second, "get hello.txt")
		if kind != "own" {
			require.NoError(t, second.SetReadDeadline(time.Now().Add(50*time.Millisecond)))
			_, err := second.Read(make([]byte, 1))
			assert.ErrorIs(t, err, os.ErrDeadlineExceeded, kind)
			require.NoError(t, second.SetReadDeadline(time.Now().Add(patience)))
			require.NoError(t, silent.Close())
		}
		_, content := answered(t, second)
		assert.Equal(t, hello, content, kind)
	}
}
