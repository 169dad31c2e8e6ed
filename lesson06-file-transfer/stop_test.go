package transfer

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCtrlCLetsAFileOnItsWayArrive(t *testing.T) {
	place := newPlace(t)
	content := random(8 << 20)
	write(t, place.share, "big", content)
	server, addr := place.startServer(t, "Go")
	conn, idle := connect(t, addr), connect(t, addr)
	send(t, idle, "nonsense")
	answered(t, idle)
	send(t, conn, "get big")
	h, err := readHeader(conn)
	require.NoError(t, err)
	server.interrupt(t)
	_, err = idle.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF, "it is let go: the server is stopping")
	_, err = net.Dial("tcp", addr)
	assert.Error(t, err, "no new clients")
	got := make([]byte, h.FileSize)
	_, err = io.ReadFull(conn, got)
	require.NoError(t, err)
	assert.True(t, content == string(got))
	_, err = conn.Read(got)
	assert.ErrorIs(t, err, io.EOF)
	status, lines := server.exit(t)
	assert.Zero(t, status)
	assert.Equal(t, here(conn)+" dropped: the server is stopping", lines[len(lines)-1])
}

func TestAStoppingServerServesNobodyForLongerThan5Seconds(t *testing.T) {
	for _, request := range []string{"get hello.txt", "list"} {
		synctest.Test(t, func(t *testing.T) { stopWhileTaking(t, request) })
	}
}

func stopWhileTaking(t *testing.T, request string) {
	server := serveInBubble(t, new(Server), shared(t))
	client := server.dial()
	go io.WriteString(client, request)
	_, err := readHeader(client)
	require.NoError(t, err)
	var taking sync.WaitGroup
	taking.Go(func() {
		for _, err := io.CopyN(io.Discard, client, 1); err == nil; _, err = io.CopyN(io.Discard, client, 1) {
			<-time.After(time.Second) // it takes something all the time
		}
	})
	synctest.Wait() // the server is in the middle of writing
	began := time.Now()
	assert.Equal(t, "pipe dropped: the server is stopping", server.stop(t))
	assert.Equal(t, 5*time.Second, time.Since(began))
	taking.Wait()
}

func TestAClientThatAsksForEverIsCutOffBecauseTheServerStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(t, new(Server), shared(t))
		client := server.dial()
		synctest.Wait()
		began := time.Now()
		server.cancel()
		asked := 0
		for err := error(nil); err == nil && asked < 1000; asked++ {
			<-time.After(100 * time.Millisecond) // of the bubble's time
			if _, err = io.WriteString(client, "nonsense"); err != nil {
				break
			}
			var h header
			if h, err = readHeader(client); err == nil {
				_, err = io.CopyN(io.Discard, client, h.FileSize)
			}
		}
		assert.Greater(t, asked, 40)
		assert.InDelta(t, 5*time.Second, time.Since(began), float64(200*time.Millisecond))
		server.stop(t)
	})
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

func TestAStoppingServerDoesNotWaitForTheIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(t, new(Server), shared(t))
		for range 10 {
			defer server.dial().Close()
		}
		synctest.Wait()
		began := time.Now()
		server.stop(t)
		assert.Equal(t, 200*time.Millisecond, time.Since(began))
	})
}

func TestServeReturnsAnErrorOnlyWhenItCanAcceptNoMore(t *testing.T) {
	server := serve(t, new(Server), shared(t))
	assert.NoError(t, server.stop())
	ln := listen(t)
	require.NoError(t, ln.Close())
	err := (&Server{Root: openRoot(t, shared(t))}).Serve(t.Context(), ln)
	assert.ErrorIs(t, err, net.ErrClosed)
	assert.ErrorContains(t, err, "cannot accept clients any more")
	ln = listen(t)
	broken := errors.New("broken")
	err = (&Server{Root: openRoot(t, shared(t))}).Serve(t.Context(), &failing{ln, []error{broken}})
	assert.ErrorIs(t, err, broken)
	_, err = ln.Accept()
	assert.ErrorIs(t, err, net.ErrClosed, "Serve closes its listener")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ln = listen(t)
	assert.NoError(t, (&Server{Root: openRoot(t, shared(t))}).Serve(ctx, ln), "stopped before it starts")
	_, err = ln.Accept()
	assert.ErrorIs(t, err, net.ErrClosed)
}

// A failing listener fails before it accepts the only client there is.
type failing struct {
	net.Listener
	errs []error
}

func (l *failing) Accept() (net.Conn, error) {
	if len(l.errs) > 0 {
		err := l.errs[0]
		l.errs = l.errs[1:]
		return nil, &net.OpError{Op: "accept", Err: err}
	}
	return l.Listener.Accept()
}

func TestALackOfDescriptorsPasses(t *testing.T) {
	server := serveOn(t, new(Server), shared(t), &failing{listen(t), passingErrors})
	assert.Equal(t, hello, sayToGet(t, server.addr, "hello.txt"))
	assert.Contains(t, server.shown.until(t, "cannot accept"), "cannot accept a client, trying again in 5ms: accept")
	server.shown.until(t, "trying again in 10ms")
	assert.False(t, passes(errors.New("another")))
}

func TestNoMoreThanMaxClientsAreServedAtOnce(t *testing.T) {
	server := serve(t, &Server{MaxClients: 2}, shared(t))
	first, second, third := connect(t, server.addr), connect(t, server.addr), connect(t, server.addr)
	for _, conn := range []net.Conn{first, second} {
		send(t, conn, "get hello.txt")
		answered(t, conn)
	}
	send(t, third, "get hello.txt")
	require.NoError(t, first.Close())
	_, content := answered(t, third)
	assert.Equal(t, hello, content)
	server.shown.until(t, here(first)+" closed its side: EOF")
	server.shown.until(t, here(third)+" connected")
}

func TestNobodyNeedsToSeeWhatTheServerShows(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ln := listen(t)
	served := make(chan error, 1)
	server := Server{Root: openRoot(t, shared(t))}
	go func() { served <- server.Serve(ctx, ln) }()
	assert.Equal(t, hello, sayToGet(t, ln.Addr().String(), "hello.txt"))
	cancel()
	assert.NoError(t, <-served)
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
