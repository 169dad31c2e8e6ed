package udp

import (
	"fmt"
	"io"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWithoutADeadlineTheClientWaitsForEver is defect D9, which the plain client
// shares. The server is a socket that receives and says nothing.
func TestWithoutADeadlineTheClientWaitsForEver(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"Python", "plain"} {
		t.Run(kind, func(t *testing.T) {
			mute, addr := bind(t)
			client := startSide(t, kind, "client", addr.String())
			client.typeLine(t, "hello")
			msg, sender := hear(t, mute)
			require.Equal(t, "hello", msg)
			client.typeLine(t, "goodbye") // waits in the pipe: the client waits for an answer

			say(t, mute, "at last", sender) // whenever this comes, it has been waited for
			assert.Equal(t, showsAnswer(kind, "at last", addr), client.line(t))
			msg, again := hear(t, mute)
			assert.Equal(t, "goodbye", msg, "between the two nothing was sent: no second try")
			assert.Equal(t, sender, again)
		})
	}
	t.Run("own", func(t *testing.T) {
		mute, addr := bind(t)
		client := startGo(t, "client", "-addr", addr.String(), "-timeout", "20ms", "-retries", "0")
		client.typeLine(t, "hello")
		require.Equal(t, "hello", heard(t, mute))
		assert.Equal(t, fmt.Sprintf("no answer: %v was silent for 20ms: i/o timeout", addr), client.line(t))
		client.typeLine(t, "goodbye")
		assert.Equal(t, "goodbye", heard(t, mute), "the next line is sent all the same")
	})
}

// showsAnswer is the line that a client of a kind shows for an answer in ASCII.
func showsAnswer(kind, text string, from netip.AddrPort) string {
	switch kind {
	case "Python":
		return fmt.Sprintf("b'%s' ('%v', %d)", text, from.Addr(), from.Port())
	case "plain":
		return fmt.Sprintf("%q %v", text, from)
	}
	return answer(text, from)
}

func TestTheClientGivesUpAfterItsTries(t *testing.T) {
	mute, addr := bind(t)
	client := startGo(t, "client", "-addr", addr.String(), "-timeout", "20ms", "-retries", "2")
	begin := time.Now() // not before the programs are built
	client.typeLine(t, "hello")
	client.stdin.Close()
	ports := map[netip.AddrPort]bool{}
	for range 3 {
		msg, sender := hear(t, mute)
		assert.Equal(t, "hello", msg)
		ports[sender] = true
	}
	status, lines := client.exit(t)
	assert.GreaterOrEqual(t, time.Since(begin), (20+40+80)*time.Millisecond, "it has waited")
	assert.Equal(t, 1, status)
	silent := func(wait string) string { return fmt.Sprintf("%v was silent for %s: i/o timeout", addr, wait) }
	assert.Equal(t, []string{
		silent("20ms") + ", trying again",
		silent("40ms") + ", trying again",
		"no answer: " + silent("80ms"),
		"client: " + silent("80ms") + "; nobody listens there, or a datagram was lost: -timeout and -retries set how long to try",
	}, lines)
	assert.Greater(t, len(ports), 1, "each try has a port of its own, of some 28,000")
	require.NoError(t, mute.SetReadDeadline(time.Now()))
	_, _, err := mute.ReadFromUDPAddrPort(make([]byte, 10))
	assert.ErrorIs(t, err, os.ErrDeadlineExceeded, "three tries, and no fourth")
}

func TestTheZeroClientWaitsASecondAndTriesOnce(t *testing.T) {
	t.Parallel()
	_, addr := bind(t)
	begin := time.Now()
	lines, err := talk(Client{}, addr, "hello")
	assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
	assert.Equal(t, []string{fmt.Sprintf("no answer: %v was silent for 1s: i/o timeout", addr)}, lines)
	assert.GreaterOrEqual(t, time.Since(begin), time.Second)
}

func TestTheConnectedClientSaysAtOnceThatNobodyIsThere(t *testing.T) {
	needsUnix(t)
	client := startGo(t, "client", "-addr", nobody(t).String(), "-connect", "-timeout", "2s", "-retries", "10")
	client.typeLine(t, "hello")
	client.stdin.Close()
	status, lines := client.exit(t)
	assert.Equal(t, 1, status)
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, "was silent") }) // a refusal can be lost
	require.Len(t, lines, 2, "it tries no more: the answer is clear")
	assert.Regexp(t, `^no answer: read udp4 127\.0\.0\.1:\d+->127.*refused$`, lines[0])
	assert.Regexp(t, `; nobody listens there: start the server first, or give its address with -addr$`, lines[1])
}

func TestAnUnconnectedSocketDoesNotLearnOfARefusedPort(t *testing.T) {
	needsUnix(t)
	dead := nobody(t)
	client, _ := bind(t)
	say(t, client, "hello", dead)
	witness := connectTo(t, dead)
	_, err := io.WriteString(witness, "hello")
	require.NoError(t, err)
	_, err = witness.Read(make([]byte, 10))
	require.ErrorContains(t, err, "refused", "refusals do come here")

	say(t, client, "hello", serve(t, nil))
	assert.Equal(t, "HELLO", heard(t, client), "the first thing it hears of is another's answer")
}
