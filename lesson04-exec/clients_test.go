package remote

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// D19. Python has read the first client's connection and waits on it; Go has
// answered its second client by the time we look at Python's.
func TestASilentClientHoldsThePythonServerAndNotTheGoServer(t *testing.T) {
	python := startPython(t, "command_server.py", "127.0.0.1:0")
	addr := python.listening(t)
	silent := connect(t, addr)
	require.Contains(t, python.line(t), here(silent)[len("127.0.0.1:"):])
	second := connect(t, addr)
	send(t, second, "echo hi")

	server := serve(t, Server{})
	connect(t, server.addr)
	server.shown.until(t, " connected")
	for range 20 {
		assert.Equal(t, "hi\n", answer(t, server.addr, "echo hi"))
	}
	quiet(t, second)
	require.NoError(t, second.SetReadDeadline(deadline()))
	require.NoError(t, silent.Close())
	receive(t, second, "hi\n")
}

func TestACommandThatRunsLongHoldsUpNobodyElse(t *testing.T) {
	server := serve(t, Server{})
	first, second := connect(t, server.addr), connect(t, server.addr)
	send(t, first, "sleep 1000")
	server.shown.until(t, `runs "sleep 1000"`)
	send(t, second, "echo hi")
	receive(t, second, "hi\n")
	quiet(t, first)
}

func TestTheServerServesAsManyClientsAtOnceAsItIsToldAndTheNextOneWaits(t *testing.T) {
	for _, x := range []struct{ told, served int }{{told: 2, served: 2}, {told: 0, served: 16}} {
		t.Run(fmt.Sprint(x.served), func(t *testing.T) {
			server := serve(t, Server{MaxClients: x.told})
			first := connect(t, server.addr)
			server.shown.until(t, here(first)+" connected")
			for range x.served - 1 {
				conn := connect(t, server.addr)
				send(t, conn, "echo hi")
				receive(t, conn, "hi\n") // all of them are being served
			}
			next := connect(t, server.addr)
			send(t, next, "echo next")
			for range 50 { // many answers later nothing has been heard of the next one
				send(t, first, "echo hi")
				receive(t, first, "hi\n")
			}
			for range 3*(x.served-1) + 2*50 {
				assert.NotContains(t, server.shown.line(t), here(next))
			}
			require.NoError(t, first.Close())
			receive(t, next, "next\n")
		})
	}
}
