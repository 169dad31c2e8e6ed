package udp

import (
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"strings"
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
	conn, err := listen(at(addr))
	if err != nil && runtime.GOOS != "linux" {
		t.Skip("this system has no such address on loopback:", err)
	}
	require.NoError(t, err)
	require.NoError(t, conn.Close())
}

func TestEveryProgramOfAGroupHearsTheClientAndEveryServerAnswers(t *testing.T) {
	t.Parallel()
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
			for range 2 { // from an address of their own: a group sends nothing
				assert.Equal(t, answer("HELLO", fmt.Sprint("127.0.0.1:", at(addr).Port())), client.line(t))
			}
		})
	}
}

func TestASocketOfAGroupDoesNotHearWhatIsSentToItsPortAlone(t *testing.T) {
	for name, addr := range everyones {
		t.Run(name, func(t *testing.T) {
			needsGroups(t, addr)
			_, shared := bindTo(t, addr)
			conn := connectTo(t, netip.AddrPortFrom(at("127.0.0.1:0").Addr(), shared.Port()))
			_, err := conn.Write([]byte("for you alone"))
			require.NoError(t, err)
			_, err = conn.Read(make([]byte, 10))
			assert.ErrorContains(t, err, "refused")
		})
	}
}

func TestTheClientTakesAGroupsAnswersOnlyWhenItIsToldTo(t *testing.T) {
	const addr = "239.1.2.3:0"
	needsGroups(t, addr)
	conn, shared := bindTo(t, addr)
	serveOn(t, conn, nil)
	lines, err := talk(Client{Timeout: 50 * time.Millisecond}, shared, "hello")
	assert.Error(t, err)
	assert.Equal(t, []string{fmt.Sprintf("no answer: %v was silent for 50ms: i/o timeout", shared)}, lines, "127.0.0.1, which has answered, is a stranger")
}

func TestTheBroadcastClientTakesAnswersUntilItsTimeout(t *testing.T) {
	t.Parallel()
	server, addr := bind(t)
	begin := time.Now()
	shown := talking(Client{Broadcast: true, Timeout: time.Second, Retries: 3}, addr, "anybody there?")
	_, sender := hear(t, server)
	var want []string
	for i := range 3 { // three who answer, from three ports
		each, eachAddr := bind(t)
		say(t, each, fmt.Sprintf("I am number %d.", i), sender)
		want = append(want, answer(fmt.Sprintf("I am number %d.", i), eachAddr))
	}
	assert.ElementsMatch(t, want, await(t, shown), "all of them, and no second try")
	assert.GreaterOrEqual(t, time.Since(begin), time.Second, "it has waited for more")

	lines, err := talk(Client{Broadcast: true, Timeout: 1}, addr, "anybody there?")
	assert.Error(t, err)
	assert.Equal(t, []string{fmt.Sprintf("no answer: %v was silent for 1ns: i/o timeout", addr)}, lines)
}

func TestPythonHasToAskBeforeItBroadcastsAndGoHasAsked(t *testing.T) {
	t.Parallel()
	const addr = "127.255.255.255:0"
	needsGroups(t, addr)
	conn, shared := bindTo(t, addr)
	status, lines := startPython(t, "../testdata/broadcast.py", shared.String()).exit(t)
	require.Zero(t, status)
	assert.Equal(t, []string{"[Errno 13] Permission denied"}, lines)
	assert.Equal(t, "after", heard(t, conn))

	sender, _ := bind(t)
	say(t, sender, "from Go", shared)
	assert.Equal(t, "from Go", heard(t, conn))
}

func TestWhatCannotBeSharedIsAnErrorInWords(t *testing.T) {
	_, addr := bind(t)
	_, err := listen(addr)
	assert.ErrorContains(t, err, "in use", "a plain socket has its port for itself")

	_, err = listen(at("[ff02::1]:0"))
	require.ErrorContains(t, err, "cannot share [ff02::1]:0: ")
	if !errors.Is(err, errors.ErrUnsupported) { // as Windows says
		assert.True(t, strings.HasSuffix(err.Error(), "only IPv4 groups are joined here"), err)
	}
}
