package loops

import (
	"context"
	"io"
	"net"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/lesson02-loops/internal/guard"
	"example.com/gosockets/lesson02-loops/internal/journal"
)

// The lesson's ten main claims, in the order of the lesson. connect, send, receive
// and the like are in serve_test.go.

func TestAServerHasALoopForClientsAndInsideItALoopForMessages(t *testing.T) {
	server := serve(t, Server{})
	for range 3 { // clients
		client := connect(t, server.addr)
		server.shown.next(t, here(client)+" connected")
		for _, msg := range []string{"ls", "test", "走了"} {
			send(t, client, msg)
			server.shown.next(t, here(client)+` received "`+msg+`"`)
		}
		receive(t, client, "LSTEST走了")
		require.NoError(t, client.Close())
		server.shown.next(t, here(client)+" closed its side: EOF")
	}
}

func TestAnEmptyReadMeansThePeerHasClosed(t *testing.T) {
	client, conn := pair(t)
	send(t, client, "last words")
	require.NoError(t, client.Close())

	receive(t, conn, "last words") // what was sent before the close still comes
	for range 100 {                // and then nothing, however often one asks
		n, err := conn.Read(make([]byte, 1024))
		assert.Zero(t, n)
		assert.Equal(t, io.EOF, err, "Python: recv returns b''")
	}
}

func TestALoopThatIgnoresTheEmptyReadNeverEnds(t *testing.T) {
	const enough = 100_000 // turns: it would go on for ever
	client, conn := pair(t)
	require.NoError(t, client.Close())

	naive := 0 // the originals' loop in Go: an empty read is an empty message
	for buf := make([]byte, 1024); naive < enough; naive++ {
		n, err := conn.Read(buf)
		if err != nil && err != io.EOF {
			break
		}
		if _, err := conn.Write(buf[:n]); err != nil {
			break
		}
	}
	assert.Equal(t, enough, naive)

	log := journal.New(nil)
	defer log.Close()
	counted := &countingConn{Conn: conn, enough: enough}
	err := new(Server).messages(guard.Limit(t.Context(), counted, patience), log)
	assert.Equal(t, 1, counted.reads, "turns of the lesson's own loop: the first empty read is the good-bye")
	assert.Equal(t, io.EOF, err, "what ended it")
}

// A countingConn counts its reads, and breaks when there have been enough.
type countingConn struct {
	net.Conn
	reads, enough int
}

func (c *countingConn) Read(buf []byte) (int, error) {
	if c.reads == c.enough {
		return 0, net.ErrClosed
	}
	c.reads++
	return c.Conn.Read(buf)
}

func TestAnAbruptCloseArrivesAsAResetError(t *testing.T) {
	client, conn := pair(t)
	reset(t, client)
	_, err := conn.Read(make([]byte, 1024))
	assert.True(t, guard.IsReset(err), "%v (Python: ConnectionResetError)", err)
}

func TestAResetEndsThatClientsLoopAndNotTheServer(t *testing.T) {
	server := serve(t, Server{})
	client := connect(t, server.addr)
	roundTrip(t, client)
	reset(t, client)
	next := connect(t, server.addr)
	roundTrip(t, next)
	server.shown.next(t,
		here(client)+" connected", here(client)+` received "hello"`, here(client)+" broke the connection off: reset",
		here(next)+" connected", here(next)+` received "hello"`)
}

func TestSendingAnEmptyMessageSendsNothing(t *testing.T) {
	client, conn := pair(t)
	send(t, client, "")
	send(t, client, "next")
	receive(t, conn, "next") // the first read returns for the first byte, and that is the second message's
}

// Event-based: while the others' messages lie in the kernel, the first client has
// many answers, and the server shows nothing of the others.
func TestASecondClientWaitsInTheBacklogAndIsServedOnceTheFirstHasLeft(t *testing.T) {
	server := serve(t, Server{})
	first := connect(t, server.addr)
	roundTrip(t, first)
	second, third := connect(t, server.addr), connect(t, server.addr) // the kernel accepts them
	send(t, third, "me too")                                          // and what they send
	send(t, second, "and me")
	for range 100 {
		roundTrip(t, first)
	}
	server.shown.next(t, here(first)+" connected")
	for range 101 {
		server.shown.next(t, here(first)+` received "hello"`)
	}
	require.NoError(t, first.Close())
	receive(t, second, "AND ME")
	require.NoError(t, second.Close())
	receive(t, third, "ME TOO") // in the order in which they came
	server.shown.next(t, here(first)+" closed its side: EOF",
		here(second)+" connected", here(second)+` received "and me"`, here(second)+" closed its side: EOF",
		here(third)+" connected", here(third)+` received "me too"`)
}

func TestARestartedServerGetsItsPortBackBecauseOfSO_REUSEADDR(t *testing.T) {
	needsUnix(t)
	ln := listen(t)
	addr := ln.Addr().String()
	client := connect(t, addr)
	require.NoError(t, asServer(t, ln).Close()) // the server closes first: its kernel keeps
	receiveEOF(t, client)                       // the connection for a minute, in TIME_WAIT,
	require.NoError(t, client.Close())          // in case a late packet comes
	require.NoError(t, ln.Close())
	requireTimeWait(t, addr)

	_, err := (&net.ListenConfig{Control: forbidReuse}).Listen(context.Background(), "tcp", addr)
	assert.ErrorIs(t, err, syscall.EADDRINUSE, "without SO_REUSEADDR")
	again, err := net.Listen("tcp", addr) // which sets it
	require.NoError(t, err)
	again.Close()
	requireTimeWait(t, addr) // it was there all the while
}

func TestTwoSocketsInOneProgramAreTwoClients(t *testing.T) {
	ln := listen(t)
	first, second := connect(t, ln.Addr().String()), connect(t, ln.Addr().String())
	one, two := asServer(t, ln), asServer(t, ln)
	assert.Equal(t, here(first), one.RemoteAddr().String())
	assert.Equal(t, here(second), two.RemoteAddr().String(), "each has a port of its own")
	send(t, second, "of the second")
	send(t, first, "of the first")
	receive(t, one, "of the first")
	receive(t, two, "of the second")
}

func TestAGoroutinePerClientServesBothAtOnce(t *testing.T) {
	server := serve(t, Server{Concurrent: true})
	first, second := connect(t, server.addr), connect(t, server.addr)
	for range 100 { // turn by turn, neither leaves
		roundTrip(t, first)
		roundTrip(t, second)
	}
}
