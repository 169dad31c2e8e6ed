package sticky

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCtrlCLetsClientsInMidMessageFinish(t *testing.T) {
	server := startGo(t, "server", "-exchange", "count", "-framing", "line", "-addr", "127.0.0.1:0")
	addr := server.listening(t)
	client := connect(t, addr)
	roundTrip(t, client)
	send(t, client, "5\n")
	server.interrupt(t)
	answer, err := io.ReadAll(client)
	require.NoError(t, err)
	assert.Equal(t, "1 2 3 4 5\n", string(answer))
	status, lines := server.exit(t)
	assert.Zero(t, status)
	assert.Equal(t, here(client)+" dropped: the server is stopping", lines[len(lines)-1])
	_, err = net.Dial("tcp", addr)
	assert.Error(t, err, "no new clients")
}

func TestServeReturnsAfterItsLastHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(Server{})
		for range 100 {
			client := server.dial()
			defer client.Close()
			roundTrip(t, client)
		}
		began := time.Now()
		server.stop(t)
		assert.Equal(t, 200*time.Millisecond, time.Since(began), "nobody had anything under way")
		assert.Len(t, server.shown, 300, "connected, received, dropped")
		close(server.shown)
		dropped := 0
		for line := range server.shown {
			if line == "pipe dropped: the server is stopping\n" {
				dropped++
			}
		}
		assert.Equal(t, 100, dropped)
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
			<-time.After(150 * time.Millisecond) // of the bubble's time
			roundTrip(t, client)
		}
		receiveEOF(t, client)
		assert.Equal(t, 1700*time.Millisecond, time.Since(began))
		server.stop(t)
	})
}

func TestAStoppingServerServesNobodyForLongerThanTheFarewell(t *testing.T) {
	for name, linger := range map[string]func(client net.Conn){
		"who dribbles for ever": func(client net.Conn) {
			for err := error(nil); err == nil; _, err = client.Write([]byte("x")) {
				<-time.After(100 * time.Millisecond)
			}
		},
		"who takes no answer": func(client net.Conn) { client.Write([]byte("3\n")) },
		"who takes its answer byte by byte": func(client net.Conn) {
			client.Write([]byte("1000\n"))
			for _, err := client.Read(make([]byte, 1)); err == nil; _, err = client.Read(make([]byte, 1)) {
				<-time.After(100 * time.Millisecond)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := serveInBubble(Server{})
				client := server.dial()
				var lingering sync.WaitGroup
				lingering.Go(func() { linger(client) })
				<-time.After(time.Second)
				began := time.Now()
				server.stop(t)
				assert.InDelta(t, 5*time.Second, time.Since(began), float64(200*time.Millisecond))
				close(server.shown)
				last := ""
				for line := range server.shown {
					last = line
				}
				assert.Equal(t, "pipe dropped: the server is stopping\n", last)
				client.Close()
				lingering.Wait()
			})
		})
	}
}

func TestEvenAFullHouseAndOneAtTheDoorAreGoneIn15Seconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(Server{MaxClients: 1})
		inside, waiting := server.dial(), server.dial()
		go inside.Write([]byte("3\n"))
		go func() {
			<-time.After(4900 * time.Millisecond)
			io.ReadFull(inside, make([]byte, 6)) // takes its answer at the last moment
			for err := error(nil); err == nil; _, err = inside.Write([]byte("x")) {
				<-time.After(100 * time.Millisecond)
			}
		}()
		go waiting.Write([]byte("3\n")) // and takes nothing
		synctest.Wait()
		began := time.Now()
		server.stop(t)
		assert.InDelta(t, 14900*time.Millisecond, time.Since(began), float64(200*time.Millisecond))
		waiting.Close()
	})
}

func TestAClientThatLeavesWhileTheServerStopsIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(Server{})
		client := server.dial()
		roundTrip(t, client)
		began := time.Now()
		server.cancel()
		require.NoError(t, client.Close())
		server.stop(t)
		assert.Zero(t, time.Since(began))
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
