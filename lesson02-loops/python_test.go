package loops

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

// startServer starts the server of an exchange, in Python the named one.
func startServer(t testing.TB, language, exchange, script string) *program {
	t.Helper()
	if language == "Python" {
		return startPython(t, script, "127.0.0.1:0")
	}
	return startGo(t, "server", "-exchange", exchange, "-addr", "127.0.0.1:0")
}

func TestEveryServerTalksToEveryClient(t *testing.T) {
	for _, pair := range pairings {
		t.Run(pair.server+" server and "+pair.client+" client", func(t *testing.T) {
			talk(t, pair.server, "upper_server.py", pair.client, "upper_client.py")
		})
	}
}

func TestTheOlderPythonProgramsTalkToTheGoOnes(t *testing.T) {
	for _, older := range []string{"echo", "naive"} {
		t.Run("Go server and Python "+older+" client", func(t *testing.T) {
			talk(t, "Go", "", "Python", older+"_client.py")
		})
		t.Run("Python "+older+" server and Go client", func(t *testing.T) {
			talk(t, "Python", older+"_server.py", "Go", "")
		})
		t.Run("Python "+older+" server and client", func(t *testing.T) {
			talk(t, "Python", older+"_server.py", "Python", older+"_client.py")
		})
	}
}

// talk types some lines into a client and compares what each side received.
func talk(t *testing.T, server, serverScript, client, clientScript string) {
	t.Helper()
	serving := startServer(t, server, "upper", serverScript)
	w := tap(t, serving.listening(t), 1)[0]
	var talking *program
	if client == "Python" {
		talking = startPython(t, clientScript, w.addr)
	} else {
		talking = startGo(t, "client", "-addr", w.addr)
	}
	for _, line := range []string{"ls", "test", "走了", "Mixed Case, 123 & more"} {
		talking.typeLine(t, line)
	}
	require.NoError(t, talking.stdin.Close())
	status, lines := talking.exit(t)
	shown := strings.Join(lines, "\n")
	for _, answer := range []string{"LS", "TEST", "MIXED CASE, 123 & MORE"} {
		assert.Contains(t, shown, answer, "what the client shows")
	}
	if client == "Go" {
		assert.Zero(t, status)
	} else {
		assert.Contains(t, shown, "EOFError", "Python's input at the end of the input")
	}
	if serverScript != "upper_server.py" && server == "Python" {
		serving.cmd.Process.Kill() // it does not notice that the client has left
	}
	serverGot, clientGot := w.received(t)
	assert.Equal(t, "lstest走了Mixed Case, 123 & more", serverGot, "bytes the server received")
	assert.Equal(t, "LSTEST走了MIXED CASE, 123 & MORE", clientGot, "bytes the client received")
}

func TestEveryGreetingServerTalksToEveryClientWithTwoSockets(t *testing.T) {
	for _, pair := range pairings {
		t.Run(pair.server+" server and "+pair.client+" client", func(t *testing.T) {
			server := startServer(t, pair.server, "greet", "greet_server.py")
			wires := tap(t, server.listening(t), 2)
			var client *program
			if pair.client == "Python" {
				client = startPython(t, "two_client.py", wires[0].addr)
			} else {
				client = startGo(t, "client", "-two", "-addr", wires[0].addr)
			}
			status, lines := client.exit(t)
			assert.Zero(t, status)
			assert.Equal(t, 2, strings.Count(strings.Join(lines, "\n"), "hello I am server,welcome"), "what the client shows")
			for i, said := range []string{"hihi I am client", "client send use sock2"} {
				serverGot, clientGot := wires[i].received(t)
				assert.Equal(t, said, serverGot, "bytes the server received")
				assert.Equal(t, "hello I am server,welcome", clientGot, "bytes the client received")
			}
		})
	}
}
