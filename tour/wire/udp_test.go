package wire

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A datagramServer is the server's socket and a relay to it.
type datagramServer struct {
	*Relay
	*witness
	conn *net.UDPConn
}

func datagrams(t testing.TB) datagramServer {
	t.Helper()
	conn, err := silent(t, "127.0.0.1").listenUDP(t.Context()) // nobody listens there for TCP
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	s := datagramServer{conn: conn}
	s.Relay, s.witness = relay(t, conn.LocalAddr().String())
	return s
}

func (s datagramServer) client(t testing.TB) *net.UDPConn {
	t.Helper()
	conn := dial(t, "udp", s.Addr()).(*net.UDPConn)
	enlarge(conn)
	return conn
}

// gets receives the next datagram, compares it and returns who has sent it.
func (s datagramServer) gets(t testing.TB, text string) netip.AddrPort {
	t.Helper()
	buf := make([]byte, maxDatagram)
	n, from, err := s.conn.ReadFromUDPAddrPort(buf)
	require.NoError(t, err)
	assert.Equal(t, text, string(buf[:n]))
	return from
}

func (s datagramServer) answers(t testing.TB, to netip.AddrPort, text string) {
	t.Helper()
	_, err := s.conn.WriteToUDPAddrPort([]byte(text), to)
	require.NoError(t, err)
}

func gets(t testing.TB, conn net.Conn, text string) {
	t.Helper()
	buf := make([]byte, maxDatagram)
	n, err := conn.Read(buf)
	require.NoError(t, err)
	assert.True(t, text == string(buf[:n]), "got %d bytes, not these %d", n, len(text))
}

func TestDatagramsCrossBothWays(t *testing.T) {
	s := datagrams(t)
	client := s.client(t)
	send(t, client, "hello")
	from := s.gets(t, "hello")
	s.answers(t, from, "HELLO")
	gets(t, client, "HELLO")
	s.expects(t, 1, `client 1 → server, 5 bytes "hello"`, `server → client 1, 5 bytes "HELLO"`)
	e := s.all()[0]
	assert.Equal(t, Connect, e.Kind)
	assert.Equal(t, client.LocalAddr().String(), e.Local.String())
	assert.Equal(t, from, e.Remote)
}

func TestDatagramsOfEverySizeCross(t *testing.T) {
	s := datagrams(t)
	client := s.client(t)
	for _, size := range []int{0, 1, 1024, 1025, 9000, 65507} {
		text := strings.Repeat("x", size)
		_, err := client.Write([]byte(text))
		require.NoError(t, err)
		s.answers(t, s.gets(t, text), text)
		gets(t, client, text)
	}
	assert.Equal(t, `client 1 → server, 0 bytes ""`, s.of(1)[0])
	assert.Equal(t, `server → client 1, 0 bytes ""`, s.of(1)[1])
	assert.Len(t, s.of(1), 12)
	assert.Len(t, s.all()[12].Data, shown)
	assert.Equal(t, 65507, s.all()[12].Size)
}

func TestEveryClientHasItsOwnAddressTowardTheServer(t *testing.T) {
	s := datagrams(t)
	one, two := s.client(t), s.client(t)
	send(t, one, "one")
	first := s.gets(t, "one")
	send(t, two, "two")
	second := s.gets(t, "two")
	assert.NotEqual(t, first, second)
	s.answers(t, second, "TWO")
	s.answers(t, first, "ONE")
	gets(t, one, "ONE")
	gets(t, two, "TWO")
	send(t, one, "again")
	assert.Equal(t, first, s.gets(t, "again"))
	s.expects(t, 2, `client 2 → server, 3 bytes "two"`, `server → client 2, 3 bytes "TWO"`)
}

func TestDatagramsAreLostWhenTheyAreToBe(t *testing.T) {
	s := datagrams(t)
	client := s.client(t)
	s.Lose(Client, 2)
	for _, text := range []string{"a", "b", "c"} {
		send(t, client, text)
	}
	from := s.gets(t, "c")
	s.Lose(Server, 1)
	s.answers(t, from, "A")
	s.answers(t, from, "B")
	gets(t, client, "B")
	s.expects(t, 1, `client 1 → server, 1 byte "a", lost`, `client 1 → server, 1 byte "b", lost`, `client 1 → server, 1 byte "c"`,
		`server → client 1, 1 byte "A", lost`, `server → client 1, 1 byte "B"`)
	assert.True(t, s.all()[1].ByRelay)
	s.Lose(Client, 5)
	s.Lose(Client, 0)
	send(t, client, "d")
	s.gets(t, "d")
}

func TestTheMostSilentClientMakesRoom(t *testing.T) {
	s := datagrams(t)
	first, second := s.client(t), s.client(t)
	send(t, first, "first")
	s.gets(t, "first")
	send(t, second, "second")
	gone := s.gets(t, "second")
	for i := range maxConns - 2 {
		text := fmt.Sprint(i)
		send(t, s.client(t), text)
		s.gets(t, text)
	}
	send(t, first, "still here")
	s.gets(t, "still here")
	send(t, s.client(t), "one more")
	s.gets(t, "one more")

	s.answers(t, gone, "too late")
	send(t, first, "me too")
	s.answers(t, s.gets(t, "me too"), "you too")
	gets(t, first, "you too")
	send(t, second, "again")
	assert.NotEqual(t, gone, s.gets(t, "again"))
	s.expects(t, maxConns+2, fmt.Sprintf(`client %d → server, 5 bytes "again"`, maxConns+2))
	s.expects(t, 2, `client 2 → server, 6 bytes "second"`)
}

func TestWithoutItsListenerAUDPRelayIsGone(t *testing.T) {
	s := datagrams(t)
	client := s.client(t)
	send(t, client, "hello")
	s.gets(t, "hello")
	s.CloseListener()
	s.running.Wait()
	if runtime.GOOS == "windows" {
		return // which keeps the refusal to itself
	}
	send(t, client, "hello")
	_, err := client.Read(make([]byte, 1))
	assert.ErrorContains(t, err, "refused")
}

func TestWhatOnlyTCPHasDoesNothingToUDP(t *testing.T) {
	s := datagrams(t)
	client := s.client(t)
	s.CutAfter(Client, 0, RST)
	s.CloseWrite(Client)
	s.Reset()
	send(t, client, "hello")
	s.gets(t, "hello")
	s.Close()
	assert.Len(t, s.all(), 2)
}

func FuzzADatagramArrivesUnchanged(f *testing.F) {
	s := datagrams(f)
	client := s.client(f)
	f.Add([]byte{})
	f.Add([]byte("hello\x00\xff"))
	f.Fuzz(func(t *testing.T, datagram []byte) {
		if len(datagram) > 65507 {
			t.Skip("too long for a datagram")
		}
		before := len(s.all())
		_, err := client.Write(datagram)
		require.NoError(t, err)
		s.answers(t, s.gets(t, string(datagram)), string(datagram))
		gets(t, client, string(datagram))
		for _, e := range s.all()[before:] {
			assert.True(t, e.Kind == Connect || bytes.HasPrefix(datagram, e.Data) && e.Size == len(datagram))
		}
	})
}
