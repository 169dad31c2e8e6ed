package udp

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAStrangersDatagramIsTakenForTheAnswerByWhoDoesNotLook(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"Python", "plain"} {
		t.Run(kind, func(t *testing.T) {
			server, addr := bind(t)
			stranger, strangerAddr := bind(t)
			client := startSide(t, kind, "client", addr.String())
			client.typeLine(t, "hello")
			_, sender := hear(t, server)
			say(t, stranger, "not the answer", sender)
			assert.Equal(t, showsAnswer(kind, "not the answer", strangerAddr), client.line(t))
		})
	}
}

func TestTheClientPassesAStrangersDatagramOver(t *testing.T) {
	for _, connect := range []bool{false, true} {
		t.Run(fmt.Sprint("connect ", connect), func(t *testing.T) {
			server, addr := bind(t)
			stranger, _ := bind(t)
			lines := talking(Client{Connect: connect, Timeout: patience}, addr, "hello")
			_, sender := hear(t, server)
			say(t, stranger, "not the answer", sender)
			say(t, stranger, "", sender)
			say(t, server, "the answer", sender)
			assert.Equal(t, []string{answer("the answer", addr)}, await(t, lines))
		})
	}
}

func TestTheKernelKeepsStrangersFromAConnectedSocket(t *testing.T) {
	server, addr := bind(t)
	client := connectTo(t, addr)
	stranger, _ := bind(t)
	say(t, stranger, "not the answer", addrOf(client))
	say(t, server, "the answer", addrOf(client))
	assert.Equal(t, "the answer", heard(t, client))
}

func TestAStrangerDoesNotProlongTheWait(t *testing.T) {
	needsUnix(t)
	server, addr := bind(t)
	stranger, _ := bind(t)
	lines := talking(Client{Timeout: 200 * time.Millisecond}, addr, "hello")
	_, sender := hear(t, server)
	gone := connectTo(t, sender) // hears when the client has closed its socket
	for begin, over := time.Now(), false; !over; {
		require.Less(t, time.Since(begin), patience, "it waits on and on")
		say(t, stranger, "not the answer", sender)
		_, err := gone.Write([]byte("still there?"))
		over = err != nil
	}
	assert.Equal(t, []string{fmt.Sprintf("no answer: %v was silent for 200ms: i/o timeout", addr)}, await(t, lines))
}

// TestAServerOnAllAddressesMayAnswerFromAnother shows who can look like a
// stranger without being one.
func TestAServerOnAllAddressesMayAnswerFromAnother(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs a 127.0.0.2")
	}
	conn, all := bindTo(t, "0.0.0.0:0")
	serveOn(t, conn, nil)
	client, addr := bind(t)
	say(t, client, "hello", at(fmt.Sprintf("127.0.0.2:%d", all.Port())))
	msg, sender := hear(t, client)
	require.Equal(t, "HELLO", msg)
	assert.Equal(t, addr.Addr(), sender.Addr(), "127.0.0.2 was asked, 127.0.0.1 has answered")
}
