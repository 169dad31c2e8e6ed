package remote

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// asShown is how the lines of an answer look on who's standard output.
func asShown(who, answer string) []string {
	switch who {
	case "Python":
		return strings.Split("=== has sent ===\n"+answer, "\n")
	case "plain":
		return []string{strconv.Quote(answer)}
	}
	return strings.Split(strings.TrimSuffix(answer, "\n"), "\n")
}

func TestEveryServerTalksToEveryClient(t *testing.T) {
	t.Parallel()
	needsUnix(t)
	for _, server := range everybody {
		for _, client := range everybody {
			t.Run(server+" server and "+client+" client", func(t *testing.T) { meet(t, server, client) })
		}
	}
}

// meet has who's client send commands to another's server, and compares what the
// client shows and what has been on the wire.
func meet(t *testing.T, whoServes, who string) {
	t.Parallel()
	server := startSide(t, whoServes, "server", "127.0.0.1:0")
	w := tap(t, server.listening(t))
	client := startSide(t, who, "client", w.addr)
	if who == "own" {
		require.Contains(t, client.line(t), "connected: ")
	}
	var sent, received strings.Builder
	for _, x := range []struct{ typed, output string }{
		{"echo hi", "hi\n"},
		{"", ""}, // is not sent, and not waited for
		{"  echo one; echo two\t", "one\ntwo\n"},
		{`printf 'b\na\n' | sort`, "a\nb\n"},
		{"echo only err >&2", "only err\n"},
	} {
		client.typeLine(t, x.typed)
		if x.typed == "" {
			continue
		}
		want := asShown(who, x.output)
		assert.Equal(t, want, client.nextLines(t, len(want)), "what the client shows")
		sent.WriteString(strings.TrimSpace(x.typed))
		received.WriteString(x.output)
		if whoServes == "own" { // which drops a client that sends before it is done
			for !strings.Contains(server.line(t), "answered with") {
			}
		}
	}
	require.NoError(t, client.stdin.Close())
	status, _ := client.exit(t)
	assert.Equal(t, map[string]int{"Python": 1}[who], status, "Python ends in an EOFError")
	serverGot, clientGot := w.received(t)
	assert.Equal(t, sent.String(), serverGot, "bytes the server received")
	assert.Equal(t, received.String(), clientGot, "bytes the client received")
}
