package udp

import (
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// everyones are addresses that several programs can receive on.
var everyones = map[string]string{"broadcast": "127.255.255.255:0", "multicast": "239.1.2.3:0"}

// needsGroups skips the test where the system does not let two programs share
// addr. Linux does.
func needsGroups(t testing.TB, addr string) {
	t.Helper()
	conn, err := Listen(netip.MustParseAddrPort(addr))
	if err != nil && runtime.GOOS != "linux" {
		t.Skip("this system has no such address on loopback:", err)
	}
	require.NoError(t, err)
	require.NoError(t, conn.Close())
}

func TestOneSendReachesSeveralReceivers(t *testing.T) {
	for name, addr := range everyones {
		t.Run(name, func(t *testing.T) {
			needsGroups(t, addr)
			one := startGo(t, "server", "-addr", addr)
			addr := one.listening(t)
			two := startGo(t, "server", "-addr", addr)
			three := startPython(t, "../testdata/group.py", addr)
			require.Equal(t, addr, two.listening(t), "the same address, and no error")
			require.Equal(t, addr, three.listening(t))

			client := startGo(t, "client", "-addr", addr, "-broadcast", "-timeout", "1h")
			client.typeLine(t, "hello")
			assert.Contains(t, one.line(t), `received "hello"`)
			assert.Contains(t, two.line(t), `received "hello"`)
			assert.Equal(t, "b'hello'", three.line(t))
			for range 2 { // both Go servers answer, from an address of their own: a group sends nothing
				assert.Equal(t, "received \"HELLO\" from 127.0.0.1:"+portOf(resolve(t, addr)), client.line(t))
			}
		})
	}
}

func TestASocketOfAGroupDoesNotHearWhatIsSentToItsPortAlone(t *testing.T) {
	for name, addr := range everyones {
		t.Run(name, func(t *testing.T) {
			needsGroups(t, addr)
			shared, err := Listen(netip.MustParseAddrPort(addr))
			require.NoError(t, err)
			defer shared.Close()
			conn := connectTo(t, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), addrOf(shared).Port()))
			_, err = conn.Write([]byte("for you alone"))
			require.NoError(t, err)
			_, err = conn.Read(make([]byte, 10))
			assert.ErrorContains(t, err, "refused")
		})
	}
}

func TestAPlainSocketIsNotShared(t *testing.T) {
	_, addr := bind(t)
	_, err := Listen(addr)
	assert.ErrorContains(t, err, "in use")
}

func TestTheClientTakesAnswersFromEveryoneOnlyWhenItIsToldTo(t *testing.T) {
	_, err := talk(Client{Timeout: patience}, serveAll(t), "hello")
	assert.NoError(t, err)

	const addr = "239.1.2.3:0"
	needsGroups(t, addr)
	shared, err := Listen(netip.MustParseAddrPort(addr))
	require.NoError(t, err)
	served := make(chan bool, 10)
	serveOn(t, shared, writerFunc(func(string) { served <- true }))
	client := startGo(t, "client", "-addr", addrOf(shared).String(), "-timeout", "20ms", "-retries", "0")
	client.typeLine(t, "hello")
	await(t, served)
	assert.Contains(t, client.line(t), "no answer: ", "it was answered from 127.0.0.1, a stranger")
}

// serveAll runs a Server on all addresses and returns the one on loopback.
func serveAll(t testing.TB) netip.AddrPort {
	t.Helper()
	conn, err := Listen(netip.MustParseAddrPort("0.0.0.0:0"))
	require.NoError(t, err)
	serveOn(t, conn, nil)
	return netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), addrOf(conn).Port())
}

func TestTheBroadcastClientTakesAnswersUntilItsTimeout(t *testing.T) {
	server, addr := bind(t)
	begin := time.Now()
	client := startGo(t, "client", "-addr", addr.String(), "-broadcast", "-timeout", "2s", "-retries", "0")
	client.typeLine(t, "anybody there?")
	client.stdin.Close()
	_, sender := hear(t, server)
	for i := range 3 { // three who answer, from three ports
		each, eachAddr := bind(t)
		say(t, each, fmt.Sprint("number ", i), sender)
		assert.Equal(t, fmt.Sprintf("received \"number %d\" from %v, cut: 8 of 14 bytes came back", i, eachAddr), client.line(t))
	}
	status, rest := client.exit(t)
	assert.Zero(t, status, "some have answered")
	assert.Empty(t, rest)
	assert.GreaterOrEqual(t, time.Since(begin), 2*time.Second, "it has waited for more")
}

func TestTheBroadcastClientSaysThatNobodyAnswered(t *testing.T) {
	_, addr := bind(t)
	shown, err := talk(Client{Broadcast: true, Timeout: 1}, addr, "anybody there?")
	assert.Error(t, err)
	assert.Equal(t, []string{fmt.Sprintf("no answer: %v was silent for 1ns: i/o timeout", addr)}, shown)
}

func TestPythonHasToAskBeforeItBroadcastsAndGoHasAsked(t *testing.T) {
	const addr = "127.255.255.255:0"
	needsGroups(t, addr)
	shared, err := Listen(netip.MustParseAddrPort(addr))
	require.NoError(t, err)
	defer shared.Close()
	status, lines := startPython(t, "../testdata/broadcast.py", addrOf(shared).String()).exit(t)
	require.Zero(t, status)
	assert.Equal(t, []string{"[Errno 13] Permission denied"}, lines)
	assert.Equal(t, "after", heard(t, shared))

	sender, _ := bind(t)
	say(t, sender, "from Go", addrOf(shared))
	assert.Equal(t, "from Go", heard(t, shared))
}

func TestWhatCannotBeSharedIsAnErrorInWords(t *testing.T) {
	_, err := Listen(netip.MustParseAddrPort("[ff02::1]:0"))
	require.ErrorContains(t, err, "cannot share [ff02::1]:0: ")
	if !errors.Is(err, errors.ErrUnsupported) { // as Windows says
		assert.ErrorContains(t, err, "only IPv4 groups are joined here")
	}
}
