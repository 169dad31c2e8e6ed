package udp

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnyoneMaySendToAnUnconnectedSocket(t *testing.T) {
	client, addr := bind(t)
	server, serverAddr := bind(t)
	say(t, client, "question", serverAddr)
	require.Equal(t, "question", heard(t, server))
	stranger, strangerAddr := bind(t)
	say(t, stranger, "not the answer", addr)
	msg, sender := hear(t, client)
	assert.Equal(t, "not the answer", msg)
	assert.Equal(t, strangerAddr, sender, "the address is what tells them apart")
}

func TestTheKernelKeepsStrangersFromAConnectedSocket(t *testing.T) {
	server, serverAddr := bind(t)
	client := connectTo(t, serverAddr)
	stranger, _ := bind(t)
	say(t, stranger, "not the answer", addrOf(client))
	say(t, server, "the answer", addrOf(client))
	assert.Equal(t, "the answer", heard(t, client))
}

func TestThePythonClientTakesAStrangersDatagramForTheAnswer(t *testing.T) {
	server, addr := bind(t)
	stranger, strangerAddr := bind(t)
	client := startPython(t, "upper_client.py", addr.String())
	client.typeLine(t, "hello")
	_, sender := hear(t, server)
	say(t, stranger, "not the answer", sender)
	assert.Equal(t, pythonShows("not the answer", strangerAddr), client.line(t))
}

func TestTheGoClientPassesAStrangersDatagramOver(t *testing.T) {
	for _, flag := range []string{"-connect=false", "-connect"} {
		t.Run(flag, func(t *testing.T) {
			server, addr := bind(t)
			stranger, _ := bind(t)
			client := startClient(t, addr.String(), flag)
			client.typeLine(t, "hello")
			_, sender := hear(t, server)
			say(t, stranger, "not the answer", sender)
			say(t, stranger, "", sender)
			say(t, server, "the answer", sender)
			assert.Equal(t, fmt.Sprintf("received %q from %v", "the answer", addr), client.line(t))
		})
	}
}

func TestAStrangerDoesNotProlongTheWait(t *testing.T) {
	server, addr := bind(t)
	stranger, _ := bind(t)
	client := startGo(t, "client", "-addr", addr.String(), "-timeout", "50ms", "-retries", "0")
	client.typeLine(t, "hello")
	_, sender := hear(t, server)
	gone := connectTo(t, sender) // hears when the client has closed its socket
	for over := false; !over; {
		say(t, stranger, "not the answer", sender)
		_, err := gone.Write([]byte("still there?"))
		over = err != nil
	}
	assert.Equal(t, fmt.Sprintf("no answer: %v was silent for 50ms: i/o timeout", addr), client.line(t))
}
