//go:build unix

package wire

import (
	"io"
	"net"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAPortThatIsHeldIsRefusedAndCanBeListenedOnByName(t *testing.T) {
	hold := silent(t, "127.0.0.1")
	for range 3 { // again and again
		_, err := net.Dial("tcp", hold.Addr())
		assert.ErrorIs(t, err, syscall.ECONNREFUSED)
		client := dial(t, "udp", hold.Addr())
		send(t, client, "hello")
		_, err = client.Read(make([]byte, 1))
		assert.ErrorIs(t, err, syscall.ECONNREFUSED)

		ln, err := net.Listen("tcp", hold.Addr())
		require.NoError(t, err)
		dial(t, "tcp", hold.Addr())
		require.NoError(t, ln.Close())
		packets, err := hold.listenUDP(t.Context())
		require.NoError(t, err)
		require.NoError(t, packets.SetDeadline(time.Now().Add(patience)))
		send(t, client, "hello")
		datagramServer{conn: packets}.gets(t, "hello")
		require.NoError(t, packets.Close())
	}
}

// So many are held and asked for that some would be met a dozen times.
func TestAPortThatIsHeldIsGivenToNobodyElse(t *testing.T) {
	held := map[string]bool{}
	for range 200 {
		held[silent(t, "127.0.0.1").Addr()] = true
	}
	for range 2000 {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		assert.NotContains(t, held, ln.Addr().String())
		require.NoError(t, ln.Close())
		packets, err := net.ListenPacket("udp", "127.0.0.1:0")
		require.NoError(t, err)
		assert.NotContains(t, held, packets.LocalAddr().String())
		require.NoError(t, packets.Close())
	}
}

func TestAPortThatIsHeldIsGivenBack(t *testing.T) {
	hold := silent(t, "127.0.0.1")
	for range 2 { // again does no harm
		hold.Close()
		for _, socket := range []io.Closer{hold.tcp, hold.udp, hold.anchor} {
			assert.ErrorIs(t, socket.Close(), net.ErrClosed)
		}
	}
}

// deaf returns a relay to a server whose socket is connected to another than the
// relay, so that the kernel refuses what comes from there.
func deaf(t *testing.T) datagramServer {
	t.Helper()
	conn, err := net.DialUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}, net.UDPAddrFromAddrPort(silent(t, "127.0.0.1").addr))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	s := datagramServer{conn: conn}
	s.Relay, s.witness = relay(t, conn.LocalAddr().String())
	return s
}

// hears connects the server's socket to a peer of the relay's.
func (s datagramServer) hears(t *testing.T, peer netip.AddrPort) {
	t.Helper()
	raw, err := s.conn.SyscallConn()
	require.NoError(t, err)
	var connectErr error
	require.NoError(t, raw.Control(func(fd uintptr) {
		connectErr = syscall.Connect(int(fd), &syscall.SockaddrInet4{Port: int(peer.Port()), Addr: peer.Addr().As4()})
	}))
	require.NoError(t, connectErr)
}

func TestADatagramThatNobodyReceivesIsRefused(t *testing.T) {
	s := deaf(t)
	client := s.client(t)
	for i := 1; i <= 20; i++ { // one refusal for each, whichever call reports it
		send(t, client, "hello")
		s.until(t, func() bool { return count(s.of(1), "client 1 is refused") == i })
	}
	s.hears(t, s.all()[0].Remote) // the server is back
	send(t, client, "back")
	s.gets(t, "back")
}

func TestTheWriteThatReportsARefusalIsDoneAgain(t *testing.T) {
	s := deaf(t)
	server, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(s.server))
	require.NoError(t, err)
	defer server.Close()
	p := &peer{relay: s.Relay, num: 1, server: server, open: true}
	p.send([]byte("one")) // nobody reads the refusal of this one
	s.hears(t, server.LocalAddr().(*net.UDPAddr).AddrPort())
	p.send([]byte("two"))
	s.gets(t, "two")
	s.expects(t, 1, `client 1 → server, 3 bytes "one"`, `client 1 → server, 3 bytes "two"`, "client 1 is refused")
}

func count(lines []string, line string) (n int) {
	for _, l := range lines {
		if l == line {
			n++
		}
	}
	return n
}
