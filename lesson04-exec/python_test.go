package remote

import (
	"strings"
	"testing"

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
		return startPython(t, "command_"+side+".py", addr)
	}
	return startGo(t, side, "-addr", addr)
}

func TestEveryServerTalksToEveryClient(t *testing.T) {
	needsUnix(t)
	commands := []struct{ command, output string }{
		{"echo hi", "hi\n"},
		{"echo one; echo two", "one\ntwo\n"},
		{`printf 'b\na\n' | sort`, "a\nb\n"},
		{"echo only err >&2", "only err\n"},
	}
	for _, pair := range pairings {
		t.Run(pair.server+" server and "+pair.client+" client", func(t *testing.T) {
			server := startSide(t, pair.server, "server", "127.0.0.1:0")
			w := tap(t, server.listening(t))
			client := startSide(t, pair.client, "client", w.addr)
			var sent, received strings.Builder
			if pair.client == "Go" {
				require.Contains(t, client.line(t), "connected: ")
			}
			for _, x := range commands {
				client.typeLine(t, x.command)
				want := asShown(pair.client, x.output)
				assert.Equal(t, want, client.nextLines(t, len(want)), "what the client shows")
				sent.WriteString(x.command)
				received.WriteString(x.output)
				if pair.server == "Go" { // which drops a client that sends before it is done
					for !strings.Contains(server.line(t), "answered with") {
					}
				}
			}
			require.NoError(t, client.stdin.Close())
			status, _ := client.exit(t)
			assert.Equal(t, map[string]int{"Go": 0, "Python": 1}[pair.client], status, "Python ends in an EOFError")
			serverGot, clientGot := w.received(t)
			assert.Equal(t, sent.String(), serverGot, "bytes the server received")
			assert.Equal(t, received.String(), clientGot, "bytes the client received")
		})
	}
}
