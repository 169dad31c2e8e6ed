package sticky

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A serving is a Server that serves a test, in the test's own process.
type serving struct {
	addr  string
	shown shown
}

// serve lets server serve on a free port until the test ends.
func serve(t testing.TB, server Server) *serving {
	t.Helper()
	ln := listen(t)
	s := &serving{addr: ln.Addr().String(), shown: make(shown, 10_000)}
	server.Log = s.shown
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, ln) }()
	t.Cleanup(func() { cancel(); <-served })
	require.Equal(t, "listening on "+s.addr, s.shown.line(t))
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

// lines returns the next count lines.
func (s shown) lines(t testing.TB, count int) (lines []string) {
	t.Helper()
	for range count {
		lines = append(lines, s.line(t))
	}
	return lines
}

// withoutPeer takes the address away with which each line starts.
func withoutPeer(lines []string) (events []string) {
	for _, line := range lines {
		_, event, _ := strings.Cut(line, " ")
		events = append(events, event)
	}
	return events
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

// listen opens a free port for a test that is itself the server.
func listen(t testing.TB) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { ln.Close() })
	return ln
}

// asServer accepts the one client that the test itself serves.
func asServer(t testing.TB, ln net.Listener) *net.TCPConn {
	t.Helper()
	require.NoError(t, ln.(*net.TCPListener).SetDeadline(time.Now().Add(patience)))
	conn, err := ln.Accept()
	require.NoError(t, err)
	return tended(t, conn)
}

// framed returns a framing over conn.
func framed(t testing.TB, name string, conn io.ReadWriter) framing {
	t.Helper()
	f, err := newFraming(name, conn)
	require.NoError(t, err)
	return f
}

// all reads every message up to the end, which has to come between two.
func all(t testing.TB, f framing) (msgs []string) {
	t.Helper()
	for {
		msg, err := f.read()
		if err == io.EOF {
			return msgs
		}
		require.NoError(t, err)
		msgs = append(msgs, string(msg))
	}
}

// ask sends msg in f's framing and requires the answer.
func ask(t testing.TB, f framing, msg, answer string) {
	t.Helper()
	require.NoError(t, f.write([]byte(msg)))
	got, err := f.read()
	require.NoError(t, err)
	require.Equal(t, answer, string(got))
}

// send writes msg and does not wait for an answer.
func send(t testing.TB, conn io.Writer, msg string) {
	t.Helper()
	_, err := conn.Write([]byte(msg))
	require.NoError(t, err)
}

// reads reads conn with a buffer of size bytes until it has total, and returns
// what each Read returned.
func reads(t testing.TB, conn net.Conn, size, total int) (pieces []string) {
	t.Helper()
	buf := make([]byte, size)
	for total > 0 {
		n, err := conn.Read(buf)
		require.NoError(t, err)
		pieces = append(pieces, string(buf[:n]))
		total -= n
	}
	return pieces
}

// reset closes conn the way a dying program or a firewall does: without good-bye.
func reset(t testing.TB, conn *net.TCPConn) {
	t.Helper()
	require.NoError(t, conn.SetLinger(0)) // the kernel drops what is left, and sends RST instead of FIN
	require.NoError(t, conn.Close())
}

// here is conn's own address, which the server shows its lines with.
func here(conn net.Conn) string { return conn.LocalAddr().String() }

// xs are n letters x.
func xs(n int) string { return strings.Repeat("x", n) }

// A pipeListener hands over pipes in place of connections. A pipe is inside the
// program, so that a server and its clients can be in a synctest bubble, where
// time passes only when everybody waits.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	close  func()
}

func newPipeListener() *pipeListener {
	ln := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	ln.close = sync.OnceFunc(func() { close(ln.closed) })
	return ln
}

func (ln *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-ln.conns:
		return conn, nil
	case <-ln.closed:
		return nil, net.ErrClosed
	}
}

func (ln *pipeListener) Close() error   { ln.close(); return nil }
func (ln *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }

// dial returns the client's end of a pipe to who accepts.
func (ln *pipeListener) dial() net.Conn {
	client, server := net.Pipe()
	ln.conns <- server
	return client
}
