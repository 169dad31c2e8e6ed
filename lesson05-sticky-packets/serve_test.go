package sticky

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A serving is a Server that serves a test, in the test's own process.
type serving struct {
	addr  string
	shown shown
	stop  func() error // does what Ctrl-C does, and returns what Serve returns
}

// serve lets server serve on a free port until the test ends.
func serve(t testing.TB, server Server) *serving {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return serveOn(t, server, ln)
}

// serveBeside lets a server without a framing show what comes over TCP and UDP.
func serveBeside(t testing.TB) *serving {
	t.Helper()
	ln, beside, err := Listen("127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { beside.Close() })
	return serveOn(t, Server{Beside: beside}, ln)
}

func serveOn(t testing.TB, server Server, ln net.Listener) *serving {
	s := &serving{addr: ln.Addr().String(), shown: make(shown, 10_000)}
	if server.Log == nil {
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
	return s
}

// shown is what a server shows: a Write a line.
type shown chan string

func (s shown) Write(line []byte) (int, error) {
	s <- string(line)
	return len(line), nil
}

// line returns the next line.
func (s shown) line(t testing.TB) string {
	t.Helper()
	select {
	case line := <-s:
		require.Equal(t, byte('\n'), line[len(line)-1], "one Write is one whole line")
		return line[:len(line)-1]
	case <-time.After(patience):
		require.Fail(t, "the server showed nothing")
		return ""
	}
}

// lines returns the next count lines.
func (s shown) lines(t testing.TB, count int) (lines []string) {
	t.Helper()
	for range count {
		lines = append(lines, s.line(t))
	}
	return lines
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

// connected returns the two ends of a connection that the test holds both.
func connected(t testing.TB) (client, server *net.TCPConn) {
	t.Helper()
	ln := listen(t)
	client = connect(t, ln.Addr().String())
	return client, asServer(t, ln)
}

// framed returns a framing over conn.
func framed(t testing.TB, name string, conn io.ReadWriter) framing {
	t.Helper()
	f, err := newFraming(name, conn)
	require.NoError(t, err)
	return f
}

// send writes msg and does not wait for an answer.
func send(t testing.TB, conn io.Writer, msg string) {
	t.Helper()
	_, err := conn.Write([]byte(msg))
	require.NoError(t, err)
}

// receiveEOF requires that the peer has closed, with nothing more to say.
func receiveEOF(t testing.TB, conn net.Conn) {
	t.Helper()
	n, err := conn.Read(make([]byte, 1))
	require.Zero(t, n)
	require.ErrorIs(t, err, io.EOF)
}

// ask sends msg in f's framing and requires the answer.
func ask(t testing.TB, f framing, msg, answer string) {
	t.Helper()
	require.NoError(t, f.write([]byte(msg)))
	got, err := f.read()
	require.NoError(t, err)
	require.Equal(t, answer, string(got))
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
