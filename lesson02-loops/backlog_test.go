package loops

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Event-based: while the second client's message lies in the kernel, the first
// client has many answers, and the server shows nothing of the second.
func TestASecondClientWaitsInTheBacklogAndIsServedOnceTheFirstHasLeft(t *testing.T) {
	server := serve(t, Server{})
	first := connect(t, server.addr)
	roundTrip(t, first)
	second := connect(t, server.addr) // the kernel accepts it
	send(t, second, "me too")         // and what it sends
	for range 100 {
		roundTrip(t, first)
	}
	assert.Equal(t, here(first)+" connected", server.shown.line(t))
	for range 101 {
		assert.Equal(t, here(first)+` received "hello"`, server.shown.line(t))
	}
	require.NoError(t, first.Close())
	receive(t, second, "ME TOO")
	assert.Equal(t, here(first)+" closed its side: EOF", server.shown.line(t))
	assert.Equal(t, here(second)+" connected", server.shown.line(t))
	assert.Equal(t, here(second)+` received "me too"`, server.shown.line(t))
}

func TestSeveralClientsWaitInTheBacklogAndAreServedInTheOrderTheyCame(t *testing.T) {
	server := serve(t, Server{})
	first := connect(t, server.addr)
	roundTrip(t, first)
	second, third := connect(t, server.addr), connect(t, server.addr)
	send(t, third, "3") // speaks before the second does
	send(t, second, "2")
	require.NoError(t, first.Close())
	receive(t, second, "2")
	require.NoError(t, second.Close())
	receive(t, third, "3")
	require.NoError(t, third.Close())
	for _, line := range []string{
		here(first) + " connected", here(first) + ` received "hello"`, here(first) + " closed its side: EOF",
		here(second) + " connected", here(second) + ` received "2"`, here(second) + " closed its side: EOF",
		here(third) + " connected", here(third) + ` received "3"`, here(third) + " closed its side: EOF",
	} {
		assert.Equal(t, line, server.shown.line(t))
	}
}

func TestThePythonServerToldOfTheFirstClientsEndServesTheSecond(t *testing.T) {
	server := startPython(t, "upper_server.py", "127.0.0.1:0")
	addr := server.listening(t)
	first := connect(t, addr)
	roundTrip(t, first)
	second := connect(t, addr)
	send(t, second, "me too")
	for range 10 {
		roundTrip(t, first)
	}
	require.NoError(t, first.Close())
	receive(t, second, "ME TOO")
	assert.Contains(t, server.line(t), "client: ")
	for range 11 {
		assert.Equal(t, "message from the client: b'hello'", server.line(t))
	}
	assert.Contains(t, server.line(t), "client: ")
	assert.Equal(t, "message from the client: b'me too'", server.line(t))
}
