//go:build unix

package remote

import (
	"context"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCtrlCEndsTheCommandThatRunsAndTellsItsClient(t *testing.T) {
	line := newLifeline(t)
	server := startGo(t, "server", "-addr", "127.0.0.1:0")
	conn := connect(t, server.listening(t))
	send(t, conn, "echo begun; "+line.holding("sleep 1000"))
	line.started(t)
	server.interrupt(t)
	receive(t, conn, "begun\n(stopped: the server is stopping)\n")
	line.ended(t)
	receiveEnd(t, conn)
	status, lines := server.exit(t)
	assert.Zero(t, status)
	assert.Equal(t, here(conn)+" dropped: the server is stopping", lines[len(lines)-1])
	_, err := net.Dial("tcp", conn.RemoteAddr().String())
	assert.Error(t, err, "no new clients")
}

func TestServeReturnsAfterItsLastHandler(t *testing.T) {
	server := serve(t, Server{})
	idle, busy := connect(t, server.addr), connect(t, server.addr)
	line := newLifeline(t)
	send(t, busy, line.holding("sleep 1000"))
	line.started(t)
	for range 2 { // both have been accepted
		server.shown.until(t, " connected")
	}
	require.NoError(t, server.stop())
	close(server.shown)
	dropped := 0
	for line := range server.shown {
		if line == here(idle)+" dropped: the server is stopping\n" || line == here(busy)+" dropped: the server is stopping\n" {
			dropped++
		}
	}
	assert.Equal(t, 2, dropped)
}

func TestAServerThatIsStoppedBeforeItStartsServesNobody(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	ln := listen(t)
	assert.NoError(t, new(Server).Serve(ctx, ln))
	_, err := ln.Accept()
	assert.ErrorIs(t, err, net.ErrClosed, "Serve closes its listener")
}

// A client that sends for ever is no longer served than farewell.
func TestAStoppingServerWaitsNoLongerThanItsFarewell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, conn := net.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		limited := limit(ctx, conn, time.Minute)
		cancel()
		began := time.Now()
		var lingering sync.WaitGroup
		lingering.Go(func() {
			for err := error(nil); err == nil; _, err = client.Write([]byte("x")) {
				<-time.After(100 * time.Millisecond) // of the bubble's time
			}
		})
		var err error
		for err == nil {
			_, err = limited.Read(make([]byte, 1))
		}
		assert.Equal(t, errStopping, err)
		assert.InDelta(t, 5*time.Second, time.Since(began), float64(200*time.Millisecond))
		_, err = limited.Write([]byte("x"))
		assert.Equal(t, errStopping, err)
		assert.InDelta(t, 5*time.Second, time.Since(began), float64(200*time.Millisecond), "reading and writing together")
		client.Close()
		assert.NoError(t, limited.Close())
		lingering.Wait()
	})
}

func TestAStoppingServerHearsAClientThatIsInTheMiddleOfSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, conn := net.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		limited := limit(ctx, conn, time.Minute)
		defer limited.Close()
		defer client.Close()
		time.AfterFunc(time.Second, cancel)
		time.AfterFunc(time.Second+199*time.Millisecond, func() { client.Write([]byte("x")) })
		n, err := limited.Read(make([]byte, 1))
		assert.NoError(t, err)
		assert.Equal(t, 1, n)
		began := time.Now()
		_, err = limited.Read(make([]byte, 1))
		assert.Equal(t, errStopping, err)
		assert.Equal(t, 200*time.Millisecond, time.Since(began))
	})
}

// TestAServerThatStopsWhileAReadBeginsTakesLeaveToo has a context that ends between
// one look at it and the next.
func TestAServerThatStopsWhileAReadBeginsTakesLeaveToo(t *testing.T) {
	c := &limitedConn{ctx: &endingContext{Context: t.Context()}}
	for range 3 {
		if c.leaving() {
			assert.False(t, c.leaveBy.IsZero(), "no deadline would mean to wait for ever")
		}
	}
	assert.True(t, c.leaving())
}

type endingContext struct {
	context.Context
	looks int
}

func (c *endingContext) Err() error {
	if c.looks++; c.looks == 1 {
		return nil
	}
	return context.Canceled
}
