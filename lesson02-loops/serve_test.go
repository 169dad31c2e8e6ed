package loops

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/gosockets/lesson02-loops/internal/guard"
	"example.com/gosockets/lesson02-loops/internal/journal"
)

// A serving is a Server that serves a test, in the test's own process.
type serving struct {
	addr  string
	shown shown
	stop  func() error // does what Ctrl-C does, and returns what Serve returns
}

// serve lets server serve on a free port until the test ends. Without a Log of its
// own it shows its lines to the test.
func serve(t testing.TB, server Server) *serving {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &serving{addr: ln.Addr().String(), shown: make(shown, 10_000)}
	quiet := server.Log != nil
	if !quiet {
		server.Log = s.shown
	}
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
	t.Cleanup(func() { s.stop() })
	if !quiet {
		s.shown.next(t, "listening on "+s.addr)
	}
	return s
}

// shown are the lines that a server shows, without their ends.
type shown chan string

func (s shown) Write(lines []byte) (int, error) {
	for line := range strings.Lines(string(lines)) {
		s <- strings.TrimSuffix(line, "\n")
	}
	return len(lines), nil
}

// next requires the next lines to be these.
func (s shown) next(t testing.TB, lines ...string) {
	t.Helper()
	for _, want := range lines {
		select {
		case line := <-s:
			require.Equal(t, want, line)
		case <-time.After(patience):
			require.Fail(t, "the server showed nothing", "instead of %s", want)
		}
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
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
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

// receiveEOF requires that the peer has closed, with nothing more to say.
func receiveEOF(t testing.TB, conn net.Conn) {
	t.Helper()
	n, err := conn.Read(make([]byte, 1))
	require.Zero(t, n)
	require.ErrorIs(t, err, io.EOF)
}

// roundTrip sends hello and receives HELLO.
func roundTrip(t testing.TB, conn net.Conn) {
	t.Helper()
	send(t, conn, "hello")
	receive(t, conn, "HELLO")
}

// here is conn's own address, which the server shows its lines with.
func here(conn net.Conn) string { return conn.LocalAddr().String() }

// reset closes conn the way a dying program or a firewall does: without good-bye.
func reset(t testing.TB, conn *net.TCPConn) {
	t.Helper()
	require.NoError(t, conn.SetLinger(0)) // the kernel drops what is left, and sends RST instead of FIN
	require.NoError(t, conn.Close())
}

// asServer accepts the one client that test itself serves.
func asServer(t testing.TB, ln net.Listener) *net.TCPConn {
	t.Helper()
	require.NoError(t, ln.(*net.TCPListener).SetDeadline(time.Now().Add(patience)))
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

// pair returns the two ends of a connection.
func pair(t testing.TB) (client, server *net.TCPConn) {
	t.Helper()
	ln := listen(t)
	client = connect(t, ln.Addr().String())
	return client, asServer(t, ln)
}

// answer runs a server's message loop on conn until that ends, and closes conn.
func answer(conn net.Conn) error {
	defer conn.Close()
	log := journal.New(nil)
	defer log.Close()
	return new(Server).messages(guard.Limit(context.Background(), conn, 24*time.Hour), log)
}
