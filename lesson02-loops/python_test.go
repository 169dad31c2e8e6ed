package loops

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An exchange is what any of its servers says to any of its clients.
type exchange struct {
	servers, clients []string
	lines            []string    // what is typed
	shown, heard     []string    // what the client and the server show, among other things
	wires            [][2]string // what the server and the client receive, on one connection after the other
}

var exchanges = []exchange{
	{
		servers: []string{"upper_server.py", "upper_server", "concurrent_server", "server", "server -concurrent"},
		clients: []string{"upper_client.py", "upper_client", "client"},
		lines:   []string{"ls", "test", "走了", "Mixed Case, 123 & more"},
		shown:   []string{"LS", "TEST", "MIXED CASE, 123 & MORE"},
		heard:   []string{"ls", "test", "Mixed Case, 123 & more"},
		wires:   [][2]string{{"lstest走了Mixed Case, 123 & more", "LSTEST走了MIXED CASE, 123 & MORE"}},
	},
	{ // the older programs of the originals, each with the lesson's own
		servers: []string{"server"},
		clients: []string{"echo_client.py", "naive_client.py"},
		lines:   []string{"ls", "test"},
		shown:   []string{"LS", "TEST"},
		wires:   [][2]string{{"lstest", "LSTEST"}},
	},
	{
		servers: []string{"echo_server.py", "naive_server.py"},
		clients: []string{"client"},
		lines:   []string{"ls", "test"},
		shown:   []string{"LS", "TEST"},
		wires:   [][2]string{{"lstest", "LSTEST"}},
	},
	{
		servers: []string{"greet_server.py", "greet_server"},
		clients: []string{"two_client.py", "two_client"},
		shown:   []string{"the data received is ", "the data received from the server is ", "hello I am server,welcome"},
		heard:   []string{"hihi I am client", "client send use sock2"},
		wires: [][2]string{
			{"hihi I am client", "hello I am server,welcome"},
			{"client send use sock2", "hello I am server,welcome"},
		},
	},
}

// spins are servers that do not notice that a client has left.
var spins = map[string]bool{"echo_server.py": true, "naive_server.py": true}

func TestEveryServerTalksToEveryClient(t *testing.T) {
	for _, e := range exchanges {
		for _, server := range e.servers {
			for _, client := range e.clients {
				t.Run(server+" and "+client, func(t *testing.T) { e.talk(t, server, client) })
			}
		}
	}
}

// talk types the lines into a client and compares what each side receives.
func (e exchange) talk(t *testing.T, server, client string) {
	serving := startAt(t, server, "127.0.0.1:0")
	wires := tap(t, serving.listening(t), len(e.wires))
	talking := startAt(t, client, wires[0].addr)
	for _, line := range e.lines {
		talking.typeLine(t, line)
	}
	require.NoError(t, talking.stdin.Close())
	status, lines := talking.exit(t)
	shown := strings.Join(lines, "\n")
	for _, answer := range e.shown {
		assert.Contains(t, shown, answer, "what the client shows")
	}
	if len(e.lines) > 0 && strings.HasSuffix(client, ".py") {
		assert.Contains(t, shown, "EOFError", "Python's input at the end of the input")
	} else {
		assert.Zero(t, status)
	}
	for _, msg := range e.heard {
		for !strings.Contains(serving.line(t), msg) {
		}
	}
	if spins[server] {
		serving.cmd.Process.Kill()
	}
	for i, w := range wires {
		serverGot, clientGot := w.received(t)
		assert.Equal(t, e.wires[i], [2]string{serverGot, clientGot}, "bytes that the server and the client received")
	}
}
