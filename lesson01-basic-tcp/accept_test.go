package basictcp

import (
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Claim 2: accept blocks until a client comes, and hands over a new socket and
// the client's address; the listening socket stays.

func TestAcceptBlocksUntilAClientComes(t *testing.T) {
	ln := listen(t)
	accepted := make(chan error, 1)
	go func() {
		conn, err := ln.Accept()
		if err == nil {
			conn.Close()
		}
		accepted <- err
	}()
	waitUntilBlockedIn(t, "(*TCPListener).Accept")
	assert.Empty(t, accepted, "no client yet: Accept has not returned")

	dial(t, ln.Addr().String())
	assert.NoError(t, <-accepted)
}

// waitUntilBlockedIn waits until a goroutine sleeps in function, until the
// network wakes it.
func waitUntilBlockedIn(t testing.TB, function string) {
	t.Helper()
	stacks := make([]byte, 1<<20)
	for end := time.Now().Add(patience); time.Now().Before(end); runtime.Gosched() {
		all := string(stacks[:runtime.Stack(stacks, true)])
		for goroutine := range strings.SplitSeq(all, "\n\n") {
			if strings.Contains(goroutine, "[IO wait") && strings.Contains(goroutine, function) {
				return
			}
		}
	}
	require.Fail(t, "nobody waits", "in %s", function)
}

func TestAcceptHandsOverANewSocketAndTheClientsAddress(t *testing.T) {
	ln := listen(t)
	client := dial(t, ln.Addr().String())
	conn := accept(t, ln)
	assert.Equal(t, client.LocalAddr(), conn.RemoteAddr(), "accept's second value in Python")
	assert.NotEqual(t, fileno(t, ln), fileno(t, conn), "two sockets")
	assert.Equal(t, ln.Addr(), conn.LocalAddr(), "with one local address")
}

func TestTheListeningSocketStaysWhenAClientIsAccepted(t *testing.T) {
	ln := listen(t)
	first := dial(t, ln.Addr().String())
	require.NoError(t, accept(t, ln).Close())
	second := dial(t, ln.Addr().String())
	assert.Equal(t, second.LocalAddr(), accept(t, ln).RemoteAddr())
	assert.NotEqual(t, first.LocalAddr(), second.LocalAddr())
}

func TestServeTakesOneClientAndClosesBothSockets(t *testing.T) {
	ln := listen(t)
	client := dial(t, ln.Addr().String())
	write(t, client, "once")
	require.NoError(t, Serve(ln, Exchanges["upper"], patience, nil, io.Discard))
	reply, err := io.ReadAll(client) // returns because the server has closed the connection
	require.NoError(t, err)
	assert.Equal(t, "ONCE", string(reply))
	_, err = ln.Accept()
	assert.ErrorIs(t, err, net.ErrClosed)
}

func TestNoClientIsAnErrorThatNamesTheTimeAndTheAddress(t *testing.T) {
	ln := listen(t)
	began := time.Now()
	err := Serve(ln, Exchanges["upper"], time.Millisecond, nil, io.Discard)
	assert.Less(t, time.Since(began), patience/2, "the listener's own deadline is later")
	assert.EqualError(t, err, "no client came within 1ms: accept tcp "+ln.Addr().String()+": i/o timeout")
}
