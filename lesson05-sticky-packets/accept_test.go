package sticky

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A failingListener's Accept fails with err until the time comes.
type failingListener struct {
	*pipeListener
	err   error
	until time.Time
	tries int
}

func (ln *failingListener) Accept() (net.Conn, error) {
	if time.Now().Before(ln.until) {
		ln.tries++
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", ln.err)}
	}
	return ln.pipeListener.Accept()
}

func TestAnAcceptErrorThatPassesNeitherEndsNorSpinsTheServer(t *testing.T) {
	for _, passing := range passingErrors {
		t.Run(passing.Error(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ln := &failingListener{newPipeListener(), passing, time.Now().Add(time.Minute), 0}
				ctx, cancel := context.WithCancel(t.Context())
				shown := make(shown, 1000)
				server := Server{Count: true, Framing: "line", Log: shown}
				served := make(chan error, 1)
				go func() { served <- server.Serve(ctx, ln) }()

				client := ln.dial() // accepted when the minute has passed
				roundTrip(t, client)
				client.Close()
				cancel()
				assert.NoError(t, <-served)
				assert.Equal(t, 67, ln.tries, "8 at 5 ms to 640 ms, then one a second")
				for _, pause := range []string{"5ms", "10ms", "20ms", "40ms", "80ms", "160ms", "320ms", "640ms", "1s", "1s"} {
					assert.Equal(t, "cannot accept a client, trying again in "+pause+": accept tcp: accept4: "+passing.Error(), shown.line(t))
				}
			})
		})
	}
}

func TestAServerThatCannotAcceptCanBeStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := &failingListener{newPipeListener(), passingErrors[0], time.Now().Add(time.Hour), 0}
		ctx, cancel := context.WithCancel(t.Context())
		served := make(chan error, 1)
		var log strings.Builder
		go func() { served <- (&Server{Log: &log}).Serve(ctx, ln) }()
		synctest.Wait() // in the first pause
		began := time.Now()
		cancel()
		assert.NoError(t, <-served)
		assert.Zero(t, time.Since(began))
		assert.Contains(t, log.String(), "cannot accept a client, trying again in 5ms: ")
	})
}

func TestAnAcceptErrorThatStaysEndsTheServerAfterItsClients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("the network is gone")
		ln := &failingListener{newPipeListener(), broken, time.Time{}, 0}
		served := make(chan error, 1)
		server := Server{Count: true, Framing: "line"}
		go func() { served <- server.Serve(t.Context(), ln) }()
		client := ln.dial()
		synctest.Wait()
		ln.until = time.Now().Add(time.Hour)
		ln.dial().Close() // the Accept under way gets this one, the next one fails
		roundTrip(t, client)
		assert.Empty(t, served, "a client is being served")
		client.Close()
		err := <-served
		require.ErrorIs(t, err, broken)
		assert.True(t, strings.HasPrefix(err.Error(), "cannot accept clients any more: "), err)
		assert.Equal(t, 1, ln.tries)
		select {
		case <-ln.closed:
		default:
			assert.Fail(t, "Serve did not close its listener")
		}
	})
}
