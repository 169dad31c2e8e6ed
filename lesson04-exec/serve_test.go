package remote

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/lesson04-exec/internal/guard"
)

// A serving is a Server that serves a test, in the test's own process.
type serving struct {
	addr  string
	shown shown
	stop  func() error // does what Ctrl-C does, and returns what Serve returns
}

// serve lets server serve on a free port until the test ends. The tests speak
// to it in the language of sh.
func serve(t testing.TB, server Server) *serving {
	t.Helper()
	needsUnix(t)
	ln := listen(t)
	s := &serving{addr: ln.Addr().String(), shown: make(shown, 10_000)}
	server.Log = s.shown
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, ln) }()
	s.stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-served:
			return err
		case <-time.After(patience):
			return errors.New("Serve does not return")
		}
	})
	t.Cleanup(func() { assert.NoError(t, s.stop()) })
	s.shown.until(t, "listening on "+s.addr)
	return s
}

// shown is what a server shows, line by line.
type shown chan string

func (s shown) Write(lines []byte) (int, error) {
	for line := range strings.Lines(string(lines)) {
		s <- strings.TrimSuffix(line, "\n")
	}
	return len(lines), nil
}

// line returns the next line.
func (s shown) line(t testing.TB) string {
	t.Helper()
	select {
	case line := <-s:
		return line
	case <-time.After(patience):
		require.Fail(t, "the server showed nothing")
		return ""
	}
}

// until passes over lines to the one that ends with event.
func (s shown) until(t testing.TB, event string) {
	t.Helper()
	for !strings.HasSuffix(s.line(t), event) {
	}
}

// connect returns a connection to addr that is closed when the test ends.
func connect(t testing.TB, addr string) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	return tended(t, conn)
}

// tended gives conn the tests' patience, and closes it when the test ends.
func tended(t testing.TB, conn net.Conn) *net.TCPConn {
	t.Helper()
	require.NoError(t, conn.SetDeadline(deadline()))
	t.Cleanup(func() { conn.Close() })
	return conn.(*net.TCPConn)
}

// send writes msg and does not wait for an answer.
func send(t testing.TB, conn net.Conn, msg string) {
	t.Helper()
	_, err := conn.Write([]byte(msg))
	require.NoError(t, err)
}

// receive reads as many bytes as want has, and requires them to be want.
func receive(t testing.TB, conn net.Conn, want string) {
	t.Helper()
	got := make([]byte, len(want))
	n, err := io.ReadFull(conn, got)
	require.NoError(t, err, "received %q, expected %q", got[:n], want)
	require.Equal(t, want, string(got))
}

// receiveEnd requires that the server has dropped the connection without a word.
// What it had not read by then makes the end a reset.
func receiveEnd(t testing.TB, conn net.Conn) {
	t.Helper()
	n, err := conn.Read(make([]byte, 1))
	require.Zero(t, n, "the server answered")
	if err != io.EOF {
		require.True(t, guard.IsReset(err), err)
	}
}

// quiet claims that nothing has arrived on conn so far.
func quiet(t testing.TB, conn net.Conn) {
	t.Helper()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Millisecond)))
	n, _ := conn.Read(make([]byte, 1))
	assert.Zero(t, n, "there is an answer")
}

// answer sends command as the only one of a new client, says good-bye as soon as
// the answer begins, and returns all that comes until the server has closed:
// nothing else on this wire says where an answer ends.
func answer(t testing.TB, addr, command string) string {
	t.Helper()
	conn := connect(t, addr)
	send(t, conn, command)
	first := make([]byte, 1)
	_, err := io.ReadFull(conn, first)
	require.NoError(t, err)
	require.NoError(t, conn.CloseWrite())
	rest, err := io.ReadAll(conn)
	require.NoError(t, err)
	return string(first) + string(rest)
}

// here is conn's own address, which the server shows its lines with.
func here(conn net.Conn) string { return conn.LocalAddr().String() }

// reset closes conn the way a dying program or a firewall does: without good-bye.
func reset(t testing.TB, conn *net.TCPConn) {
	t.Helper()
	require.NoError(t, conn.SetLinger(0)) // the kernel drops what is left, and sends RST instead of FIN
	require.NoError(t, conn.Close())
}

// asServer accepts the one client that the test itself serves.
func asServer(t testing.TB, ln net.Listener) *net.TCPConn {
	t.Helper()
	require.NoError(t, ln.(*net.TCPListener).SetDeadline(deadline()))
	conn, err := ln.Accept()
	require.NoError(t, err)
	return tended(t, conn)
}

// listen opens a free port for a test that is itself the server.
func listen(t testing.TB) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { ln.Close() })
	return ln
}

// deadline is when the tests' patience ends.
func deadline() time.Time { return time.Now().Add(patience) }
