package udp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// bind returns a socket on a free port of this machine, and its address.
func bind(t testing.TB) (*net.UDPConn, netip.AddrPort) {
	t.Helper()
	conn, err := Listen(netip.MustParseAddrPort("127.0.0.1:0"))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	return conn, addrOf(conn)
}

func addrOf(conn *net.UDPConn) netip.AddrPort { return conn.LocalAddr().(*net.UDPAddr).AddrPort() }

// say sends msg from conn in one datagram.
func say(t testing.TB, conn *net.UDPConn, msg string, to netip.AddrPort) {
	t.Helper()
	_, err := conn.WriteToUDPAddrPort([]byte(msg), to)
	require.NoError(t, err)
}

// hear returns the next datagram on conn and who sent it.
func hear(t testing.TB, conn *net.UDPConn) (string, netip.AddrPort) {
	t.Helper()
	buf := make([]byte, maxDatagram)
	n, sender, err := conn.ReadFromUDPAddrPort(buf)
	require.NoError(t, err)
	return string(buf[:n]), sender
}

// heard is hear where the sender does not matter.
func heard(t testing.TB, conn *net.UDPConn) string {
	t.Helper()
	msg, _ := hear(t, conn)
	return msg
}

// nobody returns an address where nobody receives, for as long as the test
// lasts: the port is taken, by a socket that hears a single other address.
func nobody(t testing.TB) netip.AddrPort {
	t.Helper()
	_, other := bind(t)
	conn, err := net.DialUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}, net.UDPAddrFromAddrPort(other))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return addrOf(conn)
}

// connectTo returns a connected socket.
func connectTo(t testing.TB, addr netip.AddrPort) *net.UDPConn {
	t.Helper()
	conn, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(addr))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	return conn
}

// await returns the next event.
func await[T any](t testing.TB, events <-chan T) (event T) {
	t.Helper()
	select {
	case event = <-events:
	case <-time.After(patience):
		require.Fail(t, "nothing happened")
	}
	return event
}

// A lockedBuffer can be written by the server while a test reads it.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// serve runs a Server for as long as the test lasts and returns its address.
func serve(t testing.TB, log io.Writer) netip.AddrPort {
	t.Helper()
	conn, addr := bind(t)
	serveOn(t, conn, log)
	return addr
}

func serveOn(t testing.TB, conn *net.UDPConn, log io.Writer) {
	t.Helper()
	require.NoError(t, conn.SetDeadline(time.Time{}))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- (&Server{Log: log}).Serve(ctx, conn) }()
	t.Cleanup(func() {
		stop()
		assert.NoError(t, await(t, ended))
	})
}

// talk lets client send lines and returns what it shows.
func talk(client Client, server netip.AddrPort, lines ...string) (shown []string, err error) {
	var out strings.Builder
	err = client.Talk(server, strings.NewReader(strings.Join(lines, "\n")+"\n"), &out)
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n"), err
}

func TestABoundSocketReceivesFromEveryoneAndLearnsWhoSent(t *testing.T) {
	server, addr := bind(t) // no listen, no accept
	ann, annAddr := bind(t) // no connect
	ben, benAddr := bind(t)
	say(t, ann, "from ann", addr)
	msg, sender := hear(t, server)
	assert.Equal(t, "from ann", msg)
	assert.Equal(t, annAddr, sender)

	say(t, ben, "from ben", addr)
	msg, sender = hear(t, server) // the same socket
	assert.Equal(t, "from ben", msg)
	assert.Equal(t, benAddr, sender)

	say(t, server, "to ben", benAddr) // the address is all it takes to answer
	say(t, server, "to ann", annAddr)
	assert.Equal(t, "to ann", heard(t, ann))
	assert.Equal(t, "to ben", heard(t, ben))
}

func TestThereIsNothingToAccept(t *testing.T) {
	conn, addr := bind(t)
	_, isListener := any(conn).(net.Listener)
	assert.False(t, isListener, "a UDP socket has no Accept")
	_, isPacketConn := any(conn).(net.PacketConn)
	assert.True(t, isPacketConn, "it has ReadFrom and WriteTo")
	_, err := net.DialTimeout("tcp", addr.String(), patience)
	assert.Error(t, err, "nobody can connect to it over TCP")
}

func TestPortsOfUDPAndOfTCPAreTwoThings(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	conn, err := Listen(netip.MustParseAddrPort(ln.Addr().String()))
	require.NoError(t, err, "UDP takes the number that TCP has taken")
	assert.NoError(t, conn.Close())
}

func TestServeEndsWithAnErrorOnlyWhenItsSocketIsClosedByOthers(t *testing.T) {
	conn, addr := bind(t)
	require.NoError(t, conn.SetDeadline(time.Time{}))
	var log lockedBuffer
	ended := make(chan error, 1)
	go func() { ended <- (&Server{Log: &log}).Serve(context.Background(), conn) }()
	client, _ := bind(t)
	say(t, client, "still there?", addr)
	require.Equal(t, "STILL THERE?", heard(t, client))
	require.NoError(t, conn.Close())
	err := await(t, ended)
	assert.ErrorIs(t, err, net.ErrClosed)
	assert.ErrorContains(t, err, "cannot receive any more")
	assert.NotContains(t, log.String(), "trying again")
}

func TestServeClosesItsSocket(t *testing.T) {
	conn, _ := bind(t)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	assert.NoError(t, (&Server{}).Serve(ctx, conn))
	assert.True(t, errors.Is(conn.Close(), net.ErrClosed), "it has been closed")
}

func TestAddressesAreResolvedToWhatASocketCanUse(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:8080":   "127.0.0.1:8080",
		":8080":            "127.0.0.1:8080",
		"[::1]:8080":       "[::1]:8080",
		"0.0.0.0:8080":     "0.0.0.0:8080",
		"127.0.0.1:domain": "127.0.0.1:53",
	} {
		got, err := Resolve(addr)
		require.NoError(t, err)
		assert.Equal(t, want, got.String(), addr)
		assert.False(t, got.Addr().Is4In6(), addr)
	}
	for _, addr := range []string{"127.0.0.1", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:8080:1"} {
		_, err := Resolve(addr)
		var address *net.AddrError
		assert.ErrorAs(t, err, &address, addr)
	}
}

func TestWhatIsForThisMachineIsSentFromLoopback(t *testing.T) {
	for ip, want := range map[string]string{
		"127.0.0.1":       "udp4 127.0.0.1:0",
		"127.255.255.255": "udp4 127.0.0.1:0",
		"239.1.2.3":       "udp4 127.0.0.1:0",
		"192.0.2.1":       "udp4 0.0.0.0:0",
		"::1":             "udp6 [::1]:0",
		"ff02::1":         "udp6 [::1]:0",
		"2001:db8::1":     "udp6 [::]:0",
	} {
		network, local := source(netip.MustParseAddr(ip))
		assert.Equal(t, want, network+" "+local.String(), ip)
	}
}

func TestAServerIsWhereItsAddressSays(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "0.0.0.0:0", "[::1]:0"} {
		local, err := Resolve(addr)
		require.NoError(t, err)
		conn, err := Listen(local)
		require.NoError(t, err)
		assert.Equal(t, local.Addr(), addrOf(conn).Addr(), "0.0.0.0 is IPv4 alone, not [::]")
		assert.NoError(t, conn.Close())
	}
}
