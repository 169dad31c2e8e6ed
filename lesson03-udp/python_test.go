package udp

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pairings are who meets whom.
var pairings = []struct{ server, client string }{
	{"Go", "Go"}, {"Go", "Python"}, {"Python", "Go"}, {"Python", "Python"},
}

// startSide starts one side in the given language.
func startSide(t testing.TB, language, side, addr string) *program {
	t.Helper()
	if language == "Python" {
		return startPython(t, "upper_"+side+".py", addr)
	}
	if side == "client" {
		return startClient(t, addr)
	}
	return startGo(t, side, "-addr", addr)
}

// startClient starts the Go client for a test in which no answer is late.
func startClient(t testing.TB, addr string, args ...string) *program {
	t.Helper()
	return startGo(t, "client", append([]string{"-addr", addr, "-timeout", patience.String()}, args...)...)
}

func resolve(t testing.TB, addr string) netip.AddrPort {
	t.Helper()
	resolved, err := netip.ParseAddrPort(addr)
	require.NoError(t, err)
	return resolved
}

func portOf(addr netip.AddrPort) string { return fmt.Sprint(addr.Port()) }

func TestEveryServerTalksToEveryClient(t *testing.T) {
	messages := []string{"hello", "", "a b", "你好", `"quoted" \ back`, "ALREADY"}
	answers := []string{"HELLO", "", "A B", "你好", `"QUOTED" \ BACK`, "ALREADY"}
	for _, pair := range pairings {
		t.Run(pair.server+" server and "+pair.client+" client", func(t *testing.T) {
			server := startSide(t, pair.server, "server", "127.0.0.1:0")
			r := relayTo(t, server.listening(t), nil)
			client := startSide(t, pair.client, "client", r.addr.String())
			for i, msg := range messages {
				client.typeLine(t, msg)
				line := client.line(t)
				switch pair.client {
				case "Go":
					assert.Equal(t, fmt.Sprintf("received %q from %v", answers[i], r.addr), line)
				case "Python":
					assert.Contains(t, line, fmt.Sprintf(" ('127.0.0.1', %d)", r.addr.Port()))
				}
				assert.NotEmpty(t, server.line(t))
			}
			toServer, toClient := r.received()
			assert.Equal(t, messages, toServer, "the datagrams the server received")
			assert.Equal(t, answers, toClient, "the datagrams the client received")
		})
	}
}

func TestTheGoClientEndsInGoodOrderAtTheEndOfItsInput(t *testing.T) {
	addr := serve(t, nil)
	client := startClient(t, addr.String())
	client.typeLine(t, "last")
	assert.Equal(t, `received "LAST" from `+addr.String(), client.line(t))
	require.NoError(t, client.stdin.Close())
	status, rest := client.exit(t)
	assert.Zero(t, status)
	assert.Empty(t, rest)
}

func TestALineWithoutEnterIsSentToo(t *testing.T) {
	addr := serve(t, nil)
	client := startClient(t, addr.String())
	_, err := client.stdin.Write([]byte("no enter"))
	require.NoError(t, err)
	require.NoError(t, client.stdin.Close())
	status, lines := client.exit(t)
	assert.Zero(t, status)
	assert.Equal(t, []string{`received "NO ENTER" from ` + addr.String()}, lines)
}

func TestAnInputThatBreaksOffIsAnError(t *testing.T) {
	_, silent := bind(t)
	broken := errors.New("the disk is gone")
	in := io.MultiReader(strings.NewReader("hello\n"), iotest.ErrReader(broken))
	err := (&Client{Timeout: time.Nanosecond}).Talk(silent, in, io.Discard)
	assert.ErrorIs(t, err, broken, "more than that a message had no answer")
}
