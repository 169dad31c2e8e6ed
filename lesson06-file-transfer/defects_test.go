package transfer

import (
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// inPieces lets answers pass a byte a packet, up to the content.
func inPieces(answer net.Conn, server io.Reader) {
	for range 4 + 60 {
		if _, err := io.CopyN(answer, server, 1); err != nil {
			return
		}
	}
	io.Copy(answer, server)
}

// D10. In Python recv(4) returns the first of four bytes that come one by one.
func TestAHeaderInPiecesEndsThePythonClientAndNotTheGoOne(t *testing.T) {
	server := serve(t, new(Server), shared(t))
	for pieces, complaint := range map[int64]string{
		2:  "struct.error: unpack requires a buffer of 4 bytes",
		20: "json.decoder.JSONDecodeError",
	} {
		place := newPlace(t)
		half := relay(t, server.addr, func(answer net.Conn, from io.Reader) {
			io.CopyN(answer, from, pieces)
			<-t.Context().Done() // the rest comes too late
		})
		client := place.startClient(t, "Python", half)
		client.typeLine(t, "get hello.txt")
		_, lines := client.exit(t)
		assert.Contains(t, lines[len(lines)-1], complaint)
	}
	download := t.TempDir()
	_, err := talk(t, Client{}, download, relay(t, server.addr, inPieces), "get hello.txt")
	assert.NoError(t, err)
	assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, download))
}

// D11.
func TestAMissingFileABareGetOrADirectoryEndsThePythonServerForEverybody(t *testing.T) {
	for request, exception := range map[string]string{
		"get nosuch": "FileNotFoundError",
		"get":        "IndexError",
		"get folder": "IsADirectoryError",
	} {
		place := newPlace(t)
		write(t, place.share, "hello.txt", hello)
		require.NoError(t, os.Mkdir(filepath.Join(place.share, "folder"), 0o777))
		server, addr := place.startServer(t, "Python")
		waiting := connect(t, addr)
		first := connect(t, addr)
		require.NoError(t, waiting.CloseWrite()) // the server is done with this one at once
		send(t, first, request)
		_, lines := server.exit(t)
		assert.Contains(t, lines[len(lines)-1], exception)
		_, err := net.Dial("tcp", addr)
		assert.Error(t, err, "nobody is served any more")

		_, addr = place.startServer(t, "Go")
		conn := connect(t, addr)
		send(t, conn, request)
		h, _ := answered(t, conn)
		assert.NotEmpty(t, h.Error)
		send(t, conn, "get hello.txt")
		_, content := answered(t, conn)
		assert.Equal(t, hello, content, "the same connection lives on")
	}
}

// D12.
func TestAPathWithDotsLeadsOutOfThePythonServersDirectoryAndNotOutOfGos(t *testing.T) {
	place := newPlace(t)
	write(t, filepath.Dir(place.share), "secret", "not for you")
	_, addr := place.startServer(t, "Python")
	conn := connect(t, addr)
	send(t, conn, "get ../secret")
	_, content := answered(t, conn)
	assert.Equal(t, "not for you", content)

	_, addr = place.startServer(t, "Go")
	conn = connect(t, addr)
	send(t, conn, "get ../secret")
	h, content := answered(t, conn)
	assert.Equal(t, `not the name of a shared file: "../secret"`, h.Error)
	assert.NotContains(t, content, "not for you")
}

// D13. Everything here lies in the test's own directory.
func TestThePythonClientWritesWhereTheServerSaysAndTheGoClientDoesNot(t *testing.T) {
	for _, language := range []string{"Python", "Go"} {
		place := newPlace(t)
		mine := filepath.Join(filepath.Dir(place.download), "mine")
		require.NoError(t, os.WriteFile(mine, []byte("mine"), 0o666))
		addr := asServer(t, func(conn *net.TCPConn) {
			heard(conn)
			writeHeader(conn, header{FileName: "../mine", MD5: md5Of("theirs"), FileSize: 6})
			io.WriteString(conn, "theirs")
			heard(conn)
		})
		client := place.startClient(t, language, addr)
		client.typeLine(t, "get hello.txt")
		require.NoError(t, client.stdin.Close())
		_, lines := client.exit(t)
		got, err := os.ReadFile(mine)
		require.NoError(t, err)
		if language == "Python" {
			assert.Equal(t, "theirs", string(got))
			continue
		}
		assert.Equal(t, "mine", string(got))
		assert.Equal(t, `client: asked for "hello.txt", got "../mine"`, lines[len(lines)-1])
	}
}

// D14. The Python client is stopped after a thousand lines.
func TestAServerThatDiesMidwayMakesThePythonClientSpinAndTheGoClientStop(t *testing.T) {
	dying := func(conn *net.TCPConn) {
		heard(conn)
		writeHeader(conn, header{FileName: "hello.txt", MD5: helloMD5, FileSize: 32})
		io.WriteString(conn, hello[:10])
	}
	place := newPlace(t)
	client := place.startClient(t, "Python", asServer(t, dying))
	client.typeLine(t, "get hello.txt")
	assert.Contains(t, client.line(t), "'file_size': 32")
	for range 1000 {
		assert.Equal(t, "total: 32, received: 10", client.line(t))
	}
	require.NoError(t, client.cmd.Process.Kill())

	client = startGo(t, "client", "-addr", asServer(t, dying), "-dir", t.TempDir(), "get", "hello.txt")
	status, lines := client.exit(t)
	assert.Equal(t, 1, status)
	assert.Equal(t, `client: "hello.txt" broke off after 10 of 32 bytes, -resume goes on from there: unexpected EOF; the other side has closed the connection: look at its last lines`, lines[len(lines)-1])
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

	_, addr = place.startServer(t, "Go")
	conn := connect(t, addr)
	send(t, conn, "get a name with blanks.txt")
	_, content := answered(t, conn)
	assert.Equal(t, "words", content)
}

// damaging changes the last byte of hello on its way.
func damaging(answer net.Conn, server io.Reader) {
	h, err := readHeader(server)
	content := make([]byte, h.FileSize)
	if _, err2 := io.ReadFull(server, content); err != nil || err2 != nil {
		return
	}
	writeHeader(answer, h)
	answer.Write(append(bytes.TrimSuffix(content, []byte("\n")), '!'))
	io.Copy(io.Discard, server) // until the client has left
}

// D16.
func TestADamagedFileIsTakenByThePythonClientAndNotByTheGoOne(t *testing.T) {
	server, place := serve(t, new(Server), shared(t)), newPlace(t)
	client := place.startClient(t, "Python", relay(t, server.addr, damaging))
	client.typeLine(t, "get hello.txt")
	require.NoError(t, client.stdin.Close())
	client.exit(t)
	assert.Equal(t, map[string]string{"hello.txt": strings.TrimSpace(hello) + "!"}, files(t, place.download))

	download := t.TempDir()
	_, err := talk(t, Client{}, download, relay(t, server.addr, damaging), "get hello.txt")
	assert.ErrorContains(t, err, "it was changed or damaged on its way")
	assert.Empty(t, files(t, download))
}

// D17.
func TestABrokenTransferLeavesPythonAHalfFileThatLooksWhole(t *testing.T) {
	server, place := serve(t, new(Server), t.TempDir()), newPlace(t)
	write(t, server.dir, "big", random(100_000))
	client := place.startClient(t, "Python", relay(t, server.addr, cutAfter(60_000)))
	client.typeLine(t, "get big")
	for before, line := "", client.line(t); line != before; before, line = line, client.line(t) {
	} // it receives nothing more
	require.NoError(t, client.cmd.Process.Kill())
	client.exit(t)
	half := files(t, place.download)
	assert.Contains(t, half, "big")
	assert.Less(t, len(half["big"]), 60_000)

	download := t.TempDir()
	_, err := talk(t, Client{}, download, relay(t, server.addr, cutAfter(60_000)), "get big")
	assert.Error(t, err)
	assert.NotContains(t, files(t, download), "big")
}
