//go:build unix

package udp

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAConnectedSocketLearnsOfARefusedPort(t *testing.T) {
	conn := connectTo(t, nobody(t)) // sends nothing: only notes the address
	_, err := conn.Write([]byte("hello"))
	require.NoError(t, err, "the refusal comes afterwards")
	_, err = conn.Read(make([]byte, 10))
	assert.ErrorIs(t, err, syscall.ECONNREFUSED)
}

func TestAnUnconnectedSocketDoesNotLearnOfARefusedPort(t *testing.T) {
	dead := nobody(t)
	client, _ := bind(t)
	say(t, client, "hello", dead)
	witness := connectTo(t, dead)
	_, err := witness.Write([]byte("hello"))
	require.NoError(t, err)
	_, err = witness.Read(make([]byte, 10))
	require.ErrorIs(t, err, syscall.ECONNREFUSED, "refusals do come here")

	say(t, client, "hello", serve(t, nil))
	assert.Equal(t, "HELLO", heard(t, client), "the first thing it hears of is another's answer")
}

func TestTheConnectedClientSaysAtOnceThatNobodyIsThere(t *testing.T) {
	addr := nobody(t)
	client := startGo(t, "client", "-addr", addr.String(), "-connect", "-timeout", "1h")
	client.typeLine(t, "hello")
	client.stdin.Close()
	status, lines := client.exit(t)
	assert.Equal(t, 1, status)
	require.Len(t, lines, 2, "it waits for no timeout and tries once: the answer is clear")
	assert.Regexp(t, fmt.Sprintf(`^no answer: read udp4 127\.0\.0\.1:\d+->%v: .*refused`, addr), lines[0])
	assert.True(t, strings.HasSuffix(lines[1], "; nobody listens there: start the server first, or give its address with -addr"), lines[1])
}

func TestTheConnectedClientIsAnsweredLikeTheOther(t *testing.T) {
	for _, language := range []string{"Go", "Python"} {
		t.Run(language+" server", func(t *testing.T) {
			addr := startSide(t, language, "server", "127.0.0.1:0").listening(t)
			client := startClient(t, addr, "-connect")
			for _, msg := range []string{"hello", "", "again"} {
				client.typeLine(t, msg)
				assert.Equal(t, fmt.Sprintf("received %q from %s", strings.ToUpper(msg), addr), client.line(t))
			}
		})
	}
}
