package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/lesson04-exec/internal/guard"
	"example.com/gosockets/lesson04-exec/internal/journal"
)

func TestEachRunIsShownWithItsPeerAndNothingOfItRaw(t *testing.T) {
	server := serve(t, Server{})
	conn := connect(t, server.addr)
	send(t, conn, `echo "走了" \\`+"\n")
	receive(t, conn, "走了 \\\n")
	assert.Equal(t, here(conn)+" connected", server.shown.line(t))
	assert.Equal(t, here(conn)+` runs "echo \"走了\" \\\\"`, server.shown.line(t))
	assert.Equal(t, here(conn)+" answered with 9 bytes", server.shown.line(t))
	reset(t, conn)
	assert.Equal(t, here(conn)+" broke the connection off: reset", server.shown.line(t))
}

func TestLinesOfClientsServedAtOnceDoNotMix(t *testing.T) {
	server := serve(t, Server{})
	var clients sync.WaitGroup
	for range 8 {
		conn := connect(t, server.addr)
		clients.Go(func() {
			for range 5 {
				conn.Write([]byte("echo hi"))
				io.ReadFull(conn, make([]byte, 3))
			}
			conn.Close()
		})
	}
	clients.Wait()
	require.NoError(t, server.stop())
	event := regexp.MustCompile(`^127\.0\.0\.1:\d+ (connected|runs "echo hi"|answered with 3 bytes|closed its side: EOF)$`)
	assert.Len(t, server.shown, 8*12)
	for range len(server.shown) {
		assert.Regexp(t, event, server.shown.line(t))
	}
}

func TestTheServerServesAsManyClientsAtOnceAsItIsToldAndTheNextOneWaits(t *testing.T) {
	for _, x := range []struct{ told, served int }{{told: 2, served: 2}, {told: 0, served: 16}} {
		t.Run(fmt.Sprint(x.served), func(t *testing.T) {
			server := serve(t, Server{MaxClients: x.told})
			first := connect(t, server.addr)
			server.shown.until(t, here(first)+" connected")
			for range x.served - 1 {
				conn := connect(t, server.addr)
				send(t, conn, "echo hi")
				receive(t, conn, "hi\n") // all of them are being served
			}
			next := connect(t, server.addr)
			send(t, next, "echo next")
			for range 20 { // many answers later nothing has been heard of the next one
				send(t, first, "echo hi")
				receive(t, first, "hi\n")
			}
			for range 3*(x.served-1) + 2*20 {
				assert.NotContains(t, server.shown.line(t), here(next))
			}
			require.NoError(t, first.Close())
			receive(t, next, "next\n")
		})
	}
}

func TestACommandThatRunsLongHoldsUpNobodyElse(t *testing.T) {
	server := serve(t, Server{})
	first, second := connect(t, server.addr), connect(t, server.addr)
	send(t, first, "sleep 1000")
	server.shown.until(t, `runs "sleep 1000"`)
	send(t, second, "echo hi")
	receive(t, second, "hi\n")
	quiet(t, first)
}

func TestASilentClientIsDroppedAfterFiveMinutesUnlessToldOtherwise(t *testing.T) {
	for told, bound := range map[time.Duration]time.Duration{0: 5 * time.Minute, time.Second: time.Second} {
		synctest.Test(t, func(t *testing.T) {
			client, conn := net.Pipe()
			defer client.Close()
			log := journal.New(nil)
			defer log.Close()
			began := time.Now()
			(&Server{IdleTimeout: told}).handle(t.Context(), conn, log)
			assert.Equal(t, bound, time.Since(began))
		})
	}
}

// A failingListener's Accept fails with each of errs, and then accepts.
type failingListener struct {
	net.Listener
	errs []error
}

func (ln *failingListener) Accept() (net.Conn, error) {
	if len(ln.errs) == 0 {
		return ln.Listener.Accept()
	}
	err := ln.errs[0]
	ln.errs = ln.errs[1:]
	return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", err)}
}

func TestAnAcceptErrorThatPassesIsSurvivedAndOneThatStaysEndsTheServer(t *testing.T) {
	needsUnix(t)
	broken := errors.New("the network is gone")
	shown := make(shown, 10)
	ln := &failingListener{listen(t), []error{syscall.EMFILE, broken}}
	err := (&Server{Log: shown}).Serve(t.Context(), ln)
	assert.ErrorIs(t, err, broken)
	assert.ErrorContains(t, err, "cannot accept clients any more: ")
	shown.until(t, "cannot accept a client, trying again in 5ms: accept tcp: accept4: "+syscall.EMFILE.Error())
	_, err = net.Dial("tcp", ln.Addr().String())
	assert.Error(t, err, "Serve closes its listener in any case")
}

func TestServeReturnsAfterItsLastHandler(t *testing.T) {
	server := serve(t, Server{})
	idle, busy := connect(t, server.addr), connect(t, server.addr)
	send(t, busy, "sleep 1000")
	for range 3 { // both have been accepted
		server.shown.line(t)
	}
	require.NoError(t, server.stop())
	receive(t, busy, "(stopped: the server is stopping)\n")
	dropped := map[string]bool{}
	for range len(server.shown) {
		dropped[server.shown.line(t)] = true
	}
	assert.True(t, dropped[here(idle)+" dropped: "+guard.ErrStopping.Error()])
	assert.True(t, dropped[here(busy)+" dropped: "+guard.ErrStopping.Error()])
}

func TestAServerThatIsStoppedBeforeItStartsServesNobody(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ln := listen(t)
	assert.NoError(t, new(Server).Serve(ctx, ln))
	_, err := net.Dial("tcp", ln.Addr().String())
	assert.Error(t, err, "Serve closes its listener")
}
