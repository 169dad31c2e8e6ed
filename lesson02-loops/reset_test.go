package loops

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnAbruptCloseArrivesAsAResetError(t *testing.T) {
	ln := listen(t)
	client := connect(t, ln.Addr().String())
	conn := asServer(t, ln)
	reset(t, client)
	_, err := conn.Read(make([]byte, 1024))
	assert.ErrorIs(t, err, errConnReset, "Python: ConnectionResetError")
}

func TestAResetEndsThatClientsLoopAndNotTheServer(t *testing.T) {
	server := serve(t, Server{})
	client := connect(t, server.addr)
	roundTrip(t, client)
	reset(t, client)
	next := connect(t, server.addr)
	roundTrip(t, next)
	require.NoError(t, next.Close())
	for _, line := range []string{
		here(client) + " connected",
		here(client) + ` received "hello"`,
		here(client) + " broke the connection off: reset",
		here(next) + " connected",
		here(next) + ` received "hello"`,
		here(next) + " closed its side: EOF",
	} {
		assert.Equal(t, line, server.shown.line(t))
	}
}

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
	for when, prepare := range deaths {
		for how, die := range leave {
			t.Run(when+" "+how, func(t *testing.T) {
				for _, server := range []Server{{}, {Concurrent: true}, {Greet: true}, {Greet: true, Concurrent: true}} {
					serving := serve(t, server)
					client := connect(t, serving.addr)
					prepare(t, client)
					die(t, client)
					next := connect(t, serving.addr)
					if server.Greet {
						receive(t, next, "hello I am server,welcome")
					} else {
						roundTrip(t, next)
					}
					require.NoError(t, next.Close())
					assert.NoError(t, serving.stop())
				}
			})
		}
	}
}
