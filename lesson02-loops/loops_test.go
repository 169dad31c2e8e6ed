package loops

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAServerHasALoopForClientsAndInsideItALoopForMessages(t *testing.T) {
	server := serve(t, Server{})
	for range 3 { // clients
		client := connect(t, server.addr)
		assert.Equal(t, here(client)+" connected", server.shown.line(t))
		for _, msg := range []string{"ls", "test", "走了"} {
			send(t, client, msg)
			assert.Equal(t, here(client)+` received "`+msg+`"`, server.shown.line(t))
		}
		receive(t, client, "LSTEST走了")
		require.NoError(t, client.Close())
		assert.Equal(t, here(client)+" closed its side: EOF", server.shown.line(t))
	}
}

func TestTheGreetServerSpeaksFirstHearsOneMessageAndCloses(t *testing.T) {
	server := serve(t, Server{Greet: true})
	for range 3 {
		client := connect(t, server.addr)
		receive(t, client, "hello I am server,welcome")
		send(t, client, "hihi")
		receiveEOF(t, client)
		assert.Equal(t, here(client)+" connected", server.shown.line(t))
		assert.Equal(t, here(client)+` received "hihi"`, server.shown.line(t))
		assert.Equal(t, here(client)+" done", server.shown.line(t))
	}
}
