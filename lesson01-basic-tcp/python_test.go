package basictcp

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

// startSide starts one side of an exchange in the given language.
func startSide(t testing.TB, language, exchange, side, addr string) *program {
	t.Helper()
	if language == "Python" {
		return startPython(t, exchange+"_"+side+".py", addr)
	}
	return startGo(t, side, "-exchange", exchange, "-addr", addr)
}

func TestEveryServerTalksToEveryClient(t *testing.T) {
	exchanges := []struct{ name, clientTypes, serverTypes, serverReceives, clientReceives string }{
		{name: "upper", serverReceives: "hello", clientReceives: "HELLO"},
		{name: "hello", serverReceives: "Hello Server!", clientReceives: "Hello,client!"},
		{name: "greet", serverReceives: "hihi", clientReceives: "byebye"},
		{name: "ask", clientTypes: "你好", serverTypes: "收到了", serverReceives: "你好", clientReceives: "收到了"},
	}
	for _, x := range exchanges {
		for _, pair := range pairings {
			t.Run(x.name+"/"+pair.server+" server and "+pair.client+" client", func(t *testing.T) {
				server := startSide(t, pair.server, x.name, "server", "127.0.0.1:0")
				w := tap(t, server.listening(t))
				client := startSide(t, pair.client, x.name, "client", w.addr)
				if x.clientTypes != "" {
					client.typeLine(t, x.clientTypes)
					server.typeLine(t, x.serverTypes)
				}
				serverStatus, _ := server.exit(t)
				clientStatus, lines := client.exit(t)
				assert.Zero(t, serverStatus)
				assert.Zero(t, clientStatus)
				serverGot, clientGot := w.received(t)
				assert.Equal(t, x.serverReceives, serverGot, "bytes the server received")
				assert.Equal(t, x.clientReceives, clientGot, "bytes the client received")
				assert.Contains(t, strings.Join(lines, "\n"), x.clientReceives, "what the client shows")
			})
		}
	}
}

func TestPythonTakesAClientThatHasLeftForAnEmptyMessageAndGoDoesNot(t *testing.T) {
	python := startPython(t, "upper_server.py", "127.0.0.1:0")
	require.NoError(t, dial(t, python.listening(t)).Close())
	status, lines := python.exit(t)
	assert.Zero(t, status)
	assert.Equal(t, "message from the client: b''", lines[len(lines)-1])

	server := startGo(t, "server", "-addr", "127.0.0.1:0")
	require.NoError(t, dial(t, server.listening(t)).Close())
	status, lines = server.exit(t)
	assert.Equal(t, 1, status)
	assert.Contains(t, lines[len(lines)-1], "EOF; the other side has closed the connection")
}
