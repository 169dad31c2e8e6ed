package sticky

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// xs are n letters x.
func xs(n int) string { return strings.Repeat("x", n) }

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

func TestSeveralSendsCanArriveInOneRead(t *testing.T) {
	client, server := connected(t)
	for _, msg := range []string{"one", "two", "three"} {
		send(t, client, msg)
	}
	assert.Equal(t, []string{"onetwothree"}, reads(t, server, 1024, 11))
}

func TestOneSendCanArriveInSeveralReads(t *testing.T) {
	client, server := connected(t)
	send(t, client, xs(3000))
	assert.Equal(t, []string{xs(1024), xs(1024), xs(952)}, reads(t, server, 1024, 3000))
}

func TestUDPHasNeitherForOneSendIsOneRead(t *testing.T) {
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	defer server.Close()
	client, err := net.Dial("udp", server.LocalAddr().String())
	require.NoError(t, err)
	defer client.Close()
	require.NoError(t, server.SetReadDeadline(time.Now().Add(patience)))
	for _, msg := range messages {
		send(t, client, msg)
	}
	buf := make([]byte, 64<<10)
	for _, msg := range messages {
		n, _, err := server.ReadFrom(buf)
		require.NoError(t, err)
		assert.Equal(t, msg, string(buf[:n]))
	}
}

// What the client shows, and what the server shows of it, after the addresses.
var (
	demonstrationSent = []string{
		`sent 3 bytes: "one"`, `sent 3 bytes: "two"`, `sent 5 bytes: "three"`,
		`sent 3000 bytes: "xxxxxxxxxxxxxxxxxxxx"..."xxxxxxxxxxxxxxxxxxxx"`,
		`sent over UDP 3 bytes: "one"`, `sent over UDP 3 bytes: "two"`, `sent over UDP 5 bytes: "three"`,
		`sent over UDP 3000 bytes: "xxxxxxxxxxxxxxxxxxxx"..."xxxxxxxxxxxxxxxxxxxx"`,
	}
	demonstrationReceived = []string{
		`connected`,
		`received over UDP 3 bytes: "one"`, `received over UDP 3 bytes: "two"`, `received over UDP 5 bytes: "three"`,
		`received over UDP 3000 bytes: "xxxxxxxxxxxxxxxxxxxx"..."xxxxxxxxxxxxxxxxxxxx"`,
		`received 1024 bytes: "onetwothreexxxxxxxxx"..."xxxxxxxxxxxxxxxxxxxx"`,
		`received 1024 bytes: "xxxxxxxxxxxxxxxxxxxx"..."xxxxxxxxxxxxxxxxxxxx"`,
		`received 963 bytes: "xxxxxxxxxxxxxxxxxxxx"..."xxxxxxxxxxxxxxxxxxxx"`,
		`closed its side: EOF`,
	}
)

// withoutPeer takes the address away with which each line starts.
func withoutPeer(lines []string) (events []string) {
	for _, line := range lines {
		_, event, _ := strings.Cut(line, " ")
		events = append(events, event)
	}
	return events
}

func TestTheDemonstrationIsTheSameEveryTimeItIsRun(t *testing.T) {
	server := startGo(t, "server", "-addr", "127.0.0.1:0")
	addr := server.listening(t)
	for range 20 {
		status, lines := startGo(t, "client", "-addr", addr).exit(t)
		assert.Zero(t, status)
		assert.Equal(t, demonstrationSent, lines[1:])
		assert.Equal(t, demonstrationReceived, withoutPeer(server.nextLines(t, len(demonstrationReceived))))
	}
}

func TestADatagramIsShownWithTheAddressItCameFrom(t *testing.T) {
	server := serveBeside(t)
	client := connect(t, server.addr)
	beside, err := net.Dial("udp", server.addr)
	require.NoError(t, err)
	defer beside.Close()
	for _, datagram := range []string{"one", xs(60_000), ""} {
		send(t, beside, datagram)
	}
	require.NoError(t, client.Close())
	assert.Equal(t, []string{
		here(client) + " connected",
		here(beside) + ` received over UDP 3 bytes: "one"`,
		here(beside) + ` received over UDP 60000 bytes: "xxxxxxxxxxxxxxxxxxxx"..."xxxxxxxxxxxxxxxxxxxx"`,
		here(client) + " closed its side: EOF",
	}, server.shown.lines(t, 4))
}

func TestAClientThatSendsNoDatagramsIsReadAfterTwoSeconds(t *testing.T) {
	server := serveBeside(t)
	began := time.Now()
	client := connect(t, server.addr)
	assert.Equal(t, here(client)+" connected", server.shown.line(t))
	send(t, client, "hello")
	assert.Equal(t, here(client)+` received 5 bytes: "hello"`, server.shown.line(t))
	assert.Equal(t, 2*time.Second, besideWait)
	assert.GreaterOrEqual(t, time.Since(began), besideWait)
}

func TestAStoppingServerWaitsForNoDatagrams(t *testing.T) {
	server := serveBeside(t)
	client := connect(t, server.addr)
	assert.Equal(t, here(client)+" connected", server.shown.line(t))
	began := time.Now()
	require.NoError(t, server.stop())
	assert.Less(t, time.Since(began), besideWait)
	assert.Equal(t, here(client)+" dropped: the server is stopping", server.shown.line(t))
}

// A port that is free for TCP may be taken for UDP. With so many taken a single
// try would fail in one of fifty or so.
func TestListenFindsAPortThatIsFreeForBoth(t *testing.T) {
	for range 500 {
		taken, err := net.ListenPacket("udp", "127.0.0.1:0")
		require.NoError(t, err)
		defer taken.Close()
	}
	for range 500 {
		ln, beside, err := Listen("127.0.0.1:0")
		require.NoError(t, err)
		assert.Equal(t, ln.Addr().String(), beside.LocalAddr().String())
		require.NoError(t, ln.Close())
		require.NoError(t, beside.Close())
	}
}

func TestListenLeavesNothingOpenWhenItFails(t *testing.T) {
	ln, taken, err := Listen("127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	require.NoError(t, ln.Close())
	addr := taken.LocalAddr().String()
	_, _, err = Listen(addr)
	require.ErrorContains(t, err, "listen udp "+addr)
	ln, err = net.Listen("tcp", addr)
	require.NoError(t, err, "the TCP port is free again")
	require.NoError(t, ln.Close())
}
