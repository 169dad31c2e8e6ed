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
	server, addr := place.startServer(t, "own")
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
		synctest.Test(t, func(t *testing.T) {
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
		})
	}
}

func TestServeReturnsAnErrorOnlyWhenItCanAcceptNoMore(t *testing.T) {
	ln := listen(t)
	require.NoError(t, ln.Close())
	err := new(Server).Serve(t.Context(), ln)
	assert.ErrorIs(t, err, net.ErrClosed)
	assert.ErrorContains(t, err, "cannot accept clients any more")

	ln = listen(t)
	err = new(Server).Serve(t.Context(), broken{ln})
	assert.ErrorIs(t, err, errBroken)
	_, err = ln.Accept()
	assert.ErrorIs(t, err, net.ErrClosed, "it closes its listener")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ln = listen(t)
	assert.NoError(t, new(Server).Serve(ctx, ln), "stopped before it starts")
	_, err = ln.Accept()
	assert.ErrorIs(t, err, net.ErrClosed)
}

// A broken listener accepts nobody.
type broken struct{ net.Listener }

var errBroken = errors.New("broken")

func (broken) Accept() (net.Conn, error) { return nil, errBroken }

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

func TestAClientThatBreaksOffLeavesTheServerToTheNext(t *testing.T) {
	nothingLeft(t)
	server := serve(t, new(Server), t.TempDir())
	write(t, server.dir, "big", random(8<<20))
	for _, leave := range []func(conn *net.TCPConn) error{
		(*net.TCPConn).Close,
		func(conn *net.TCPConn) error { conn.SetLinger(0); return conn.Close() }, // a reset
	} {
		conn := connect(t, server.addr)
		send(t, conn, "get big")
		_, err := io.CopyN(io.Discard, conn, 1000)
		require.NoError(t, err)
		require.NoError(t, leave(conn))
		server.shown.until(t, here(conn)+" connected")
		server.shown.until(t, here(conn)+" asks")
		assert.Regexp(t, "broke the connection off: reset|dropped: .*broken pipe", server.shown.until(t, here(conn)))
	}
	next := connect(t, server.addr)
	send(t, next, "get big")
	h, _ := answered(t, next)
	assert.EqualValues(t, 8<<20, h.FileSize)
}
