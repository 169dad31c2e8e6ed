package loops

import (
	"net"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAClientMayDieAtAnyPointAndTheNextIsServed(t *testing.T) {
	deaths := map[string]func(t *testing.T, client *net.TCPConn){
		"before it says anything": func(*testing.T, *net.TCPConn) {},
		"before it reads the answer": func(t *testing.T, client *net.TCPConn) {
			send(t, client, "hello")
		},
		"in the middle of an answer": func(t *testing.T, client *net.TCPConn) {
			send(t, client, "hello")
			_, err := client.Read(make([]byte, 2))
			require.NoError(t, err)
		},
		"with many answers under way": func(t *testing.T, client *net.TCPConn) {
			send(t, client, string(make([]byte, 60_000)))
		},
		"after it closed its half": func(t *testing.T, client *net.TCPConn) {
			send(t, client, "hello")
			require.NoError(t, client.CloseWrite())
		},
	}
	leave := map[string]func(t *testing.T, client *net.TCPConn){
		"with good-bye":    func(t *testing.T, client *net.TCPConn) { require.NoError(t, client.Close()) },
		"without good-bye": func(t *testing.T, client *net.TCPConn) { reset(t, client) },
	}
	dieAll := func(t *testing.T, addr string, answer string) {
		for when, prepare := range deaths {
			for how, die := range leave {
				client := connect(t, addr)
				prepare(t, client)
				die(t, client)
				next := connect(t, addr)
				send(t, next, "hello")
				receive(t, next, answer)
				require.NoError(t, next.Close(), "%s %s", when, how)
			}
		}
	}
	for name, server := range map[string]Server{"one at a time": {}, "concurrent": {Concurrent: true}} {
		t.Run(name, func(t *testing.T) {
			serving := serve(t, server)
			dieAll(t, serving.addr, "HELLO")
			assert.NoError(t, serving.stop())
		})
	}
	for _, name := range []string{"upper_server", "concurrent_server"} {
		t.Run(name, func(t *testing.T) { dieAll(t, startAt(t, name, "127.0.0.1:0").listening(t), "HELLO") })
	}
	t.Run("greet_server", func(t *testing.T) {
		dieAll(t, startAt(t, "greet_server", "127.0.0.1:0").listening(t), "hello I am server,welcome")
	})
}

// One client's error ends a server that catches none, or catches another.
func TestAClientThatBreaksOffEndsAPythonServerThatDoesNotExpectIt(t *testing.T) {
	needsUnix(t)
	t.Run("greet_server.py", func(t *testing.T) {
		server := startAt(t, "greet_server.py", "127.0.0.1:0")
		client := connect(t, server.listening(t))
		receive(t, client, "hello I am server,welcome")
		reset(t, client)
		status, lines := server.exit(t)
		assert.Equal(t, 1, status)
		assert.Regexp(t, "^ConnectionResetError: ", lines[len(lines)-1])
	})
	t.Run("echo_server.py", func(t *testing.T) {
		if runtime.GOOS != "linux" {
			t.Skip("other kernels report a reset after a FIN as ECONNRESET, which echo_server.py expects")
		}
		server := startAt(t, "echo_server.py", "127.0.0.1:0")
		client := connect(t, server.listening(t))
		require.NoError(t, client.CloseWrite())
		server.line(t) // the first empty message
		reset(t, client)
		status, lines := server.exit(t)
		assert.Equal(t, 1, status)
		assert.Regexp(t, "^BrokenPipeError: ", lines[len(lines)-1])
	})
}
