package loops

import (
	"context"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestASilentClientIsDroppedAfterTheIdleTimeout(t *testing.T) {
	for _, server := range []Server{{}, {Concurrent: true}, {Greet: true}} {
		synctest.Test(t, func(t *testing.T) {
			bubble := serveInBubble(server)
			client := bubble.dial()
			if server.Greet {
				receive(t, client, "hello I am server,welcome")
			}
			began := time.Now()
			receiveEOF(t, client) // waits until the server closes
			assert.Equal(t, 5*time.Minute, time.Since(began))
			bubble.stop(t)
			assert.Equal(t, "pipe connected\n", <-bubble.shown)
			assert.Equal(t, "pipe dropped: pipe was silent for 5m0s: i/o timeout\n", <-bubble.shown)
		})
	}
}

func TestAClientThatSpeaksInTimeStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(Server{IdleTimeout: time.Minute})
		client := server.dial()
		for range 100 {
			<-time.After(59 * time.Second) // of the bubble's time
			roundTrip(t, client)
		}
		client.Close()
		server.stop(t)
	})
}

func TestAClientThatTakesNoAnswerIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(Server{IdleTimeout: time.Minute})
		client := server.dial()
		began := time.Now()
		send(t, client, "hello")
		synctest.Wait() // the server writes, and nobody reads
		next := server.dial()
		roundTrip(t, next)
		assert.Equal(t, time.Minute, time.Since(began))
		next.Close()
		server.stop(t)
		for _, line := range []string{"connected", `received "hello"`, "dropped: pipe took nothing for 1m0s: i/o timeout"} {
			assert.Equal(t, "pipe "+line, server.shown.line(t))
		}
	})
}

func TestAClientThatDoesNotTakeTheGreetingIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(Server{Greet: true, IdleTimeout: time.Minute})
		client := server.dial()
		defer client.Close()
		<-time.After(time.Minute + time.Second) // of the bubble's time
		server.stop(t)
		assert.Equal(t, "pipe connected", server.shown.line(t))
		assert.Equal(t, "pipe dropped: pipe took nothing for 1m0s: i/o timeout", server.shown.line(t))
	})
}

func TestIdleTimeoutIsALimitOfTheProgram(t *testing.T) {
	server := startGo(t, "server", "-idle-timeout", "20ms", "-addr", "127.0.0.1:0")
	client := connect(t, server.listening(t))
	receiveEOF(t, client)
	assert.Equal(t, []string{
		here(client) + " connected",
		here(client) + " dropped: " + here(client) + " was silent for 20ms: i/o timeout",
	}, server.nextLines(t, 2))
}

func TestAConnectionThatIsClosedHasNoDeadlineToSet(t *testing.T) {
	conn, peer := net.Pipe()
	defer peer.Close()
	limited := limit(t.Context(), conn, time.Minute)
	require.NoError(t, limited.Close())
	_, err := limited.Read(make([]byte, 1))
	assert.ErrorIs(t, err, io.ErrClosedPipe)
	_, err = limited.Write([]byte("x"))
	assert.ErrorIs(t, err, io.ErrClosedPipe)
}

func TestAConnectionThatIsClosedIsNotReachedByTheContextAnyMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, peer := net.Pipe()
		defer peer.Close()
		ctx, cancel := context.WithCancel(t.Context())
		observed := &deadlineConn{Conn: conn}
		require.NoError(t, limit(ctx, observed, time.Minute).Close())
		cancel()
		synctest.Wait()
		assert.Zero(t, observed.set, "a server that runs for years must not remember every client")
	})
}

// A deadlineConn counts how often a deadline is set.
type deadlineConn struct {
	net.Conn
	set int
}

func (c *deadlineConn) SetReadDeadline(t time.Time) error {
	c.set++
	return c.Conn.SetReadDeadline(t)
}
