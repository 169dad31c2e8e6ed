package udp

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSendingToNobodySucceeds(t *testing.T) {
	client, _ := bind(t)
	_, err := client.WriteToUDPAddrPort([]byte("anybody there?"), nobody(t))
	assert.NoError(t, err)
}

// TestThePythonClientWaitsForEver is defect D9. The server is a socket that
// receives and says nothing.
func TestThePythonClientWaitsForEver(t *testing.T) {
	mute, addr := bind(t)
	client := startPython(t, "upper_client.py", addr.String())
	client.typeLine(t, "hello")
	msg, sender := hear(t, mute)
	require.Equal(t, "hello", msg)
	client.typeLine(t, "goodbye") // waits in the pipe: the client is in recvfrom

	say(t, mute, "at last", sender) // whenever this comes, it has been waited for
	assert.Equal(t, pythonShows("at last", addr), client.line(t))
	msg, again := hear(t, mute)
	assert.Equal(t, "goodbye", msg, "between the two nothing was sent: no second try")
	assert.Equal(t, sender, again)
}

func TestTheGoClientGivesUpAfterItsTries(t *testing.T) {
	mute, addr := bind(t)
	begin := time.Now()
	client := startGo(t, "client", "-addr", addr.String(), "-timeout", "20ms", "-retries", "2")
	client.typeLine(t, "hello")
	client.stdin.Close()
	ports := map[string]bool{}
	for range 3 {
		msg, sender := hear(t, mute)
		assert.Equal(t, "hello", msg)
		ports[sender.String()] = true
	}
	status, lines := client.exit(t)
	assert.GreaterOrEqual(t, time.Since(begin), 20*time.Millisecond+40*time.Millisecond+80*time.Millisecond, "it has waited")
	assert.Equal(t, 1, status)
	silent := func(wait string) string { return fmt.Sprintf("%v was silent for %s: i/o timeout", addr, wait) }
	require.Len(t, lines, 4)
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

func TestTheNextLineIsSentAfterOneThatWasNotAnswered(t *testing.T) {
	mute, addr := bind(t)
	client := startGo(t, "client", "-addr", addr.String(), "-timeout", "20ms", "-retries", "0")
	client.typeLine(t, "first")
	require.Equal(t, "first", heard(t, mute))
	assert.Equal(t, fmt.Sprintf("no answer: %v was silent for 20ms: i/o timeout", addr), client.line(t))
	client.typeLine(t, "second")
	assert.Equal(t, "second", heard(t, mute))
}

// lastOf skips what says that a try took too long on a busy machine.
func lastOf(t testing.TB, client *program) string {
	t.Helper()
	for {
		if line := client.line(t); !strings.Contains(line, "was silent") {
			return line
		}
	}
}

func TestAnAnswerInTimeEndsTheWait(t *testing.T) {
	addr := serve(t, nil)
	shown, err := talk(Client{Timeout: patience}, addr, "hello")
	assert.NoError(t, err)
	assert.Equal(t, []string{fmt.Sprintf("received \"HELLO\" from %v", addr)}, shown)
}

func TestTheZeroClientWaitsASecondAndTriesOnce(t *testing.T) {
	_, addr := bind(t)
	shown, err := talk(Client{}, addr, "hello")
	assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
	assert.Equal(t, []string{fmt.Sprintf("no answer: %v was silent for 1s: i/o timeout", addr)}, shown)
}

func TestTheServerPausesLongerAfterEachFailureUpToASecond(t *testing.T) {
	var pauses []time.Duration
	for failures := 1; failures <= 12; failures++ {
		pauses = append(pauses, backoff(failures)/time.Millisecond)
	}
	assert.Equal(t, []time.Duration{2, 4, 8, 16, 32, 64, 128, 256, 512, 1000, 1000, 1000}, pauses)
	assert.Equal(t, time.Second, backoff(1<<40), "however long it goes on")
}

func TestAPauseEndsWithTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		pause(t.Context(), time.Minute)
		assert.Equal(t, time.Minute, time.Since(begin))
		stopped := contextEnded(t)
		pause(stopped, time.Minute)
		assert.Equal(t, time.Minute, time.Since(begin), "no second minute")
	})
}
