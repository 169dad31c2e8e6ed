package wire

import (
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// patience is how long a test waits for what has to come.
const patience = time.Minute

func TestMain(m *testing.M) {
	if os.Getenv("WIRE_TEST_SERVER") != "" {
		beServer()
	}
	goleak.VerifyTestMain(m)
}

// A witness keeps the events of a relay.
type witness struct {
	mu     sync.Mutex
	events []Event
	news   chan struct{}
}

func (w *witness) show(e Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, e)
	select {
	case w.news <- struct{}{}:
	default:
	}
}

func (w *witness) all() []Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.events[:len(w.events):len(w.events)]
}

// of returns what has happened on a connection as lines, without who connects.
func (w *witness) of(conn int) (lines []string) {
	for _, e := range w.all() {
		if e.Conn == conn && e.Kind != Connect {
			lines = append(lines, e.String())
		}
	}
	return lines
}

// until waits for enough to be true.
func (w *witness) until(t testing.TB, enough func() bool) {
	t.Helper()
	deadline := time.After(patience)
	for !enough() {
		select {
		case <-w.news:
		case <-deadline:
			require.FailNow(t, "it did not happen", "%v", w.all())
		}
	}
}

// expects waits for as many lines of a connection and compares them.
func (w *witness) expects(t testing.TB, conn int, lines ...string) {
	t.Helper()
	w.until(t, func() bool { return len(w.of(conn)) >= len(lines) })
	assert.Equal(t, lines, w.of(conn))
}

// relay starts a relay for the test.
func relay(t testing.TB, server string) (*Relay, *witness) {
	t.Helper()
	w := &witness{news: make(chan struct{}, 1)}
	r, err := Listen(server, nil, w.show)
	require.NoError(t, err)
	t.Cleanup(r.Close)
	return r, w
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { ln.Close() })
	return ln
}

func dial(t testing.TB, network, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial(network, addr)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	return conn
}

// A pair is the two ends of a connection through a relay, with what it tells.
type pair struct {
	*Relay
	*witness
	client, server *net.TCPConn
}

func connected(t testing.TB) pair {
	t.Helper()
	ln := listen(t)
	p := pair{}
	p.Relay, p.witness = relay(t, ln.Addr().String())
	p.client, p.server = p.another(t, ln)
	return p
}

func (p pair) another(t testing.TB, ln net.Listener) (client, server *net.TCPConn) {
	t.Helper()
	client = dial(t, "tcp", p.Addr()).(*net.TCPConn)
	conn, err := ln.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	return client, conn.(*net.TCPConn)
}

// ends waits until the relay has forgotten every connection.
func (p pair) ends(t testing.TB) {
	t.Helper()
	require.Eventually(t, func() bool { return len(p.open()) == 0 }, patience, time.Millisecond)
}

func send(t testing.TB, conn net.Conn, text string) {
	t.Helper()
	_, err := io.WriteString(conn, text)
	require.NoError(t, err)
}

// receives reads as many bytes as text has, and compares.
func receives(t testing.TB, conn net.Conn, text string) {
	t.Helper()
	buf := make([]byte, len(text))
	n, err := io.ReadFull(conn, buf)
	require.NoError(t, err, "after %q", buf[:n])
	assert.Equal(t, text, string(buf))
}

func receivesEOF(t testing.TB, conn net.Conn) {
	t.Helper()
	n, err := conn.Read(make([]byte, 1))
	assert.Zero(t, n)
	assert.Equal(t, io.EOF, err)
}

func receivesReset(t testing.TB, conn net.Conn) {
	t.Helper()
	n, err := conn.Read(make([]byte, 1))
	assert.Zero(t, n)
	assertReset(t, err)
}

func assertReset(t testing.TB, err error) {
	t.Helper()
	var timeout net.Error
	if assert.ErrorAs(t, err, &timeout, "no error of the network") { // its number is another on Windows
		assert.False(t, timeout.Timeout(), err)
		assert.Regexp(t, `reset|forcibly closed`, err.Error())
	}
}

func TestOnlyALoopbackAddressWithAPortIsRelayed(t *testing.T) {
	for _, server := range []string{"", "127.0.0.1", "127.0.0.1:0", "8.8.8.8:53", "0.0.0.0:80", "[::]:80", "localhost:80", "127.0.0.1:65536"} {
		_, err := Listen(server, nil, func(Event) {})
		assert.ErrorContains(t, err, "expected a loopback address and a port", server)
	}
}

func TestOnePortOfTheServersHostIsRelayedForTCPAndForUDP(t *testing.T) {
	s := datagrams(t)
	assert.Regexp(t, `^127\.0\.0\.1:\d+$`, s.Addr())
	if conn, err := net.Dial("tcp", s.Addr()); err == nil { // nobody listens there for TCP
		receivesReset(t, conn)
	}
	s.expects(t, 1, "client 1 is refused")
	send(t, s.client(t), "hello")
	s.gets(t, "hello")
	s.expects(t, 2, `client 2 → server, 5 bytes "hello"`)
}

func TestIPv6IsRelayed(t *testing.T) {
	ln, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("this machine has no IPv6:", err)
	}
	defer ln.Close()
	r, w := relay(t, ln.Addr().String())
	assert.True(t, strings.HasPrefix(r.Addr(), "[::1]:"), r.Addr())
	client, server := pair{Relay: r}.another(t, ln)
	send(t, client, "hello")
	receives(t, server, "hello")
	w.expects(t, 1, `client 1 → server, 5 bytes "hello"`)
}

func TestARelayTakesThePlaceOfOneThatHasClosed(t *testing.T) {
	server := silent(t, "127.0.0.1").Addr()
	first, err := Listen(server, nil, func(Event) {})
	require.NoError(t, err)
	defer first.Close()
	busy, err := Listen(server, first, func(Event) {})
	require.NoError(t, err)
	assert.NotEqual(t, first.Addr(), busy.Addr())
	busy.Close()
	first.CloseListener()
	next, err := Listen(server, first, func(Event) {})
	require.NoError(t, err)
	assert.Equal(t, first.Addr(), next.Addr())
	first.Close()
	next.CloseListener()
	after, err := Listen(server, next, func(Event) {})
	require.NoError(t, err)
	defer after.Close()
	assert.Equal(t, first.Addr(), after.Addr(), "the port is no longer the first one's to give back")
	next.Close()
}

// silent keeps a port where nobody listens.
func silent(t testing.TB, host string) *Hold {
	t.Helper()
	hold, err := HoldPort(netip.MustParseAddr(host))
	require.NoError(t, err)
	t.Cleanup(hold.Close)
	return hold
}
