package transfer

import (
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAConnectionThatIsCutAtAnyByteLeavesTheRightFileOrNone(t *testing.T) {
	nothingLeft(t)
	server := serve(t, new(Server), t.TempDir())
	content := random(60)
	write(t, server.dir, "a", content)
	conn := connect(t, server.addr)
	send(t, conn, "get a")
	h, _ := answered(t, conn)
	require.NoError(t, conn.Close())
	var answer countingWriter
	require.NoError(t, writeHeader(&answer, h))
	whole := int64(answer) + h.FileSize
	for cut := int64(0); cut <= whole; cut++ {
		download := t.TempDir()
		_, err := talk(t, Client{}, download, relay(t, server.addr, cutAfter(cut)), "get a")
		found := files(t, download)
		switch {
		case cut == whole:
			assert.NoError(t, err)
			assert.Equal(t, map[string]string{"a": content}, found)
		case cut <= int64(answer):
			assert.Error(t, err)
			assert.Empty(t, found, "cut after %d bytes", cut)
		default:
			assert.ErrorContains(t, err, "-resume goes on from there")
			assert.Equal(t, map[string]string{partName("a", h.MD5): content[:cut-int64(answer)]}, found)
			_, err = talk(t, Client{Resume: true}, download, server.addr, "get a")
			assert.NoError(t, err)
			assert.Equal(t, map[string]string{"a": content}, files(t, download))
		}
		if t.Failed() {
			t.Fatalf("cut after %d bytes of %d", cut, whole)
		}
	}
}

type countingWriter int64

func (c *countingWriter) Write(p []byte) (int, error) {
	*c += countingWriter(len(p))
	return len(p), nil
}

func TestAFileThatCannotBeCheckedIsNotKeptInPart(t *testing.T) {
	place := newPlace(t)
	write(t, place.share, "big", random(1_000_000))
	_, addr := place.startServer(t, "Python")
	_, err := talk(t, Client{}, place.download, relay(t, addr, cutAfter(600_000)), "get big")
	assert.ErrorContains(t, err, " of 1000000 bytes: unexpected EOF")
	assert.Empty(t, files(t, place.download))
}

func TestAServerThatIsKilledLeavesTheClientAPart(t *testing.T) {
	place := newPlace(t)
	content := random(1_000_000)
	write(t, place.share, "big", content)
	server, addr := place.startServer(t, "Go")
	halted := relay(t, addr, func(answer net.Conn, from io.Reader) {
		io.CopyN(answer, from, 600_000)
		server.cmd.Process.Kill()
		io.Copy(io.Discard, from) // what is under way still
	})
	client := startGo(t, "client", "-addr", halted, "-dir", place.download, "get", "big")
	status, lines := client.exit(t)
	assert.Equal(t, 1, status)
	assert.Regexp(t, `^client: "big" broke off after \d+ of 1000000 bytes, -resume goes on from there: .*; the other side`, lines[len(lines)-1])

	_, addr = place.startServer(t, "Go")
	client = startGo(t, "client", "-addr", addr, "-dir", place.download, "-resume", "get", "big")
	status, _ = client.exit(t)
	assert.Zero(t, status)
	assert.True(t, equal(map[string]string{"big": content}, files(t, place.download)))
}

func TestAClientThatBreaksOffLeavesTheServerToTheNext(t *testing.T) {
	nothingLeft(t)
	server := serve(t, new(Server), t.TempDir())
	write(t, server.dir, "big", random(8<<20))
	for _, leave := range []func(conn *net.TCPConn) error{
		(*net.TCPConn).Close,
		func(conn *net.TCPConn) error { conn.SetLinger(0); return conn.Close() }, // a reset
	} {
		conn := connect(t, server.addr)
		send(t, conn, "get big")
		_, err := io.CopyN(io.Discard, conn, 1000)
		require.NoError(t, err)
		require.NoError(t, leave(conn))
		server.shown.until(t, here(conn)+" connected")
		server.shown.until(t, here(conn)+" asks")
		assert.Regexp(t, "broke the connection off: reset|dropped: .*broken pipe", server.shown.until(t, here(conn)))
		next := connect(t, server.addr)
		send(t, next, "get big")
		h, _ := answered(t, next)
		assert.EqualValues(t, 8<<20, h.FileSize)
		require.NoError(t, next.Close())
	}
}
