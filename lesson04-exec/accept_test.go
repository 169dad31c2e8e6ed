package remote

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
				server := Server{Log: shown}
				served := make(chan error, 1)
				go func() { served <- server.Serve(ctx, ln) }()

				ln.dial().Close() // accepted when the minute has passed
				synctest.Wait()
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
		go func() { served <- new(Server).Serve(ctx, ln) }()
		synctest.Wait() // in the first pause
		began := time.Now()
		cancel()
		assert.NoError(t, <-served)
		assert.Zero(t, time.Since(began))
	})
}

func TestAnAcceptErrorThatStaysEndsTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("the network is gone")
		ln := &failingListener{newPipeListener(), broken, time.Now().Add(time.Hour), 0}
		err := new(Server).Serve(t.Context(), ln)
		require.ErrorIs(t, err, broken)
		assert.True(t, strings.HasPrefix(err.Error(), "cannot accept clients any more: "), err)
		assert.Equal(t, 1, ln.tries)
		_, err = ln.pipeListener.Accept()
		assert.ErrorIs(t, err, net.ErrClosed, "Serve closes its listener in any case")
	})
}
