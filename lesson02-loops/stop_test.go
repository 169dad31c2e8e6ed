package loops

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCtrlCLetsClientsInMidMessageHaveTheirAnswer(t *testing.T) {
	for _, name := range []string{"server", "server -concurrent"} {
		server := startAt(t, name, "127.0.0.1:0")
		addr := server.listening(t)
		client := connect(t, addr)
		roundTrip(t, client)
		send(t, client, "last words")
		server.interrupt(t)
		receive(t, client, "LAST WORDS")
		receiveEOF(t, client)
		status, lines := server.exit(t)
		assert.Zero(t, status)
		assert.Equal(t, here(client)+" dropped: the server is stopping", lines[len(lines)-1])
		_, err := net.Dial("tcp", addr)
		assert.Error(t, err, "no new clients")
	}
}

func TestCtrlCEndsAClientWithStatus0(t *testing.T) {
	server := serve(t, Server{})
	client := startGo(t, "client", "-addr", server.addr)
	client.line(t) // connected
	client.interrupt(t)
	status, rest := client.exit(t)
	assert.Zero(t, status)
	assert.Empty(t, rest)
}

func TestServeReturnsAfterItsLastHandlerAndItsLastLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(Server{Concurrent: true})
		for range 100 {
			client := server.dial()
			defer client.Close()
			roundTrip(t, client)
		}
		began := time.Now()
		server.stop(t)
		assert.Equal(t, 200*time.Millisecond, time.Since(began), "Serve waits for its handlers, and they for nothing more: nobody had anything under way")
		close(server.shown)
		lines := map[string]int{}
		for line := range server.shown {
			lines[line]++
		}
		assert.Equal(t, map[string]int{
			"pipe connected": 100, `pipe received "hello"`: 100, "pipe dropped: the server is stopping": 100,
		}, lines, "each handler has shown its last line before Serve returned")
	})
}

func TestAServerThatIsStoppedBeforeItStartsServesNobody(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	ln := listen(t)
	assert.NoError(t, new(Server).Serve(ctx, ln))
	_, err := ln.Accept()
	assert.ErrorIs(t, err, net.ErrClosed, "Serve closes its listener")
}

func TestWhileMessagesKeepComingAStoppingServerAnswersThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(Server{})
		client := server.dial()
		roundTrip(t, client)
		began := time.Now()
		server.cancel()
		for range 10 {
			pass(150 * time.Millisecond)
			roundTrip(t, client)
		}
		receiveEOF(t, client)
		assert.Equal(t, 1700*time.Millisecond, time.Since(began))
		server.stop(t)
	})
}

// The server is full, its client takes nothing, nor does the one at the door, and
// nobody reads what the server shows.
func TestEvenAFullHouseAndOneAtTheDoorAreGoneIn11Seconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		read := make(chan struct{})
		ln := newPipeListener()
		ctx, stop := context.WithCancel(t.Context())
		served := make(chan error, 1)
		server := Server{Concurrent: true, MaxClients: 1, Log: &slowWriter{takes: func() { <-read }}}
		go func() { served <- server.Serve(ctx, ln) }()
		inside, door := ln.dial(), ln.dial()
		go inside.Write([]byte("hello"))
		go door.Write([]byte("hello"))
		synctest.Wait()
		began := time.Now()
		stop()
		assert.NoError(t, <-served)
		assert.Equal(t, 11*time.Second, time.Since(began), "5 and 5, and 1 for the journal")
		close(read)
	})
}

func TestAClientThatLeavesWhileTheServerStopsIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(Server{Concurrent: true})
		client := server.dial()
		roundTrip(t, client)
		began := time.Now()
		server.cancel()
		require.NoError(t, client.Close())
		server.stop(t)
		assert.Zero(t, time.Since(began))
	})
}

func TestAServerThatCannotAcceptEndsInAnErrorAfterItsClients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("the network is gone")
		pipes := newPipeListener()
		server := Server{Concurrent: true}
		served := make(chan error, 1)
		go func() { served <- server.Serve(t.Context(), &breakingListener{pipes, 1, broken}) }()
		client := pipes.dial()
		synctest.Wait() // its next Accept has failed
		roundTrip(t, client)
		assert.Empty(t, served, "a client is being served")
		client.Close()
		err := <-served
		assert.ErrorIs(t, err, broken)
		assert.ErrorContains(t, err, "cannot accept clients any more: ")
		_, err = pipes.Accept()
		assert.ErrorIs(t, err, net.ErrClosed, "Serve closes its listener in any case")
	})
}

// A breakingListener hands over some clients and then breaks.
type breakingListener struct {
	net.Listener
	clients int
	err     error
}

func (ln *breakingListener) Accept() (net.Conn, error) {
	if ln.clients--; ln.clients < 0 {
		return nil, ln.err
	}
	return ln.Listener.Accept()
}

func TestADroppedClientIsToldOfWithTheReason(t *testing.T) {
	for shown, linger := range map[string]func(client net.Conn){
		"pipe was silent for 5m0s: i/o timeout":   func(client net.Conn) { io.ReadAll(client) },
		"pipe took nothing for 5m0s: i/o timeout": func(client net.Conn) { client.Write([]byte("x")) },
	} {
		synctest.Test(t, func(t *testing.T) {
			server := serveInBubble(Server{})
			client := server.dial()
			defer client.Close()
			began := time.Now()
			linger(client)
			next := server.dial() // taken once the first has gone
			assert.Equal(t, 5*time.Minute, time.Since(began))
			next.Close()
			server.stop(t)
			close(server.shown)
			var lines []string
			for line := range server.shown {
				lines = append(lines, line)
			}
			assert.Contains(t, lines, "pipe dropped: "+shown)
		})
	}
}
