package remote

import (
	"context"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAClientThatTakesItsAnswerSlowlyGetsAllOfIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, conn := net.Pipe()
		limited := limit(t.Context(), conn, time.Minute)
		defer limited.Close()
		taken := make(chan string, 1)
		go func() {
			var all []byte
			for one := make([]byte, 1); len(all) < 5; {
				<-time.After(40 * time.Second) // of the bubble's time
				client.Read(one)
				all = append(all, one[0])
			}
			taken <- string(all)
		}()
		began := time.Now()
		n, err := limited.Write([]byte("abcde"))
		require.NoError(t, err)
		assert.Equal(t, 5, n)
		assert.Equal(t, "abcde", <-taken)
		assert.Equal(t, 200*time.Second, time.Since(began), "far longer than the limit, which is for each wait")
	})
}

func TestAClientThatStopsTakingItsAnswerIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, conn := net.Pipe()
		defer client.Close()
		limited := limit(t.Context(), conn, time.Minute)
		defer limited.Close()
		go client.Read(make([]byte, 2))
		began := time.Now()
		n, err := limited.Write([]byte("abcde"))
		assert.Equal(t, 2, n)
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
		assert.ErrorContains(t, err, "took nothing for 1m0s")
		assert.Equal(t, 2*time.Minute, time.Since(began), "a minute with a little taken, and one with nothing")
	})
}

func TestAStoppingServerDoesNotWaitForAClientThatTakesNothing(t *testing.T) {
	for name, takes := range map[string]int{"at all": 0, "more": 2} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, conn := net.Pipe()
				defer client.Close()
				ctx, cancel := context.WithCancel(t.Context())
				limited := limit(ctx, conn, time.Hour)
				defer limited.Close()
				go client.Read(make([]byte, takes))
				time.AfterFunc(time.Second, cancel)
				began := time.Now()
				_, err := limited.Write([]byte("abcde"))
				assert.Equal(t, errStopping, err)
				assert.Equal(t, 6*time.Second, time.Since(began), "5 seconds after the stop")
			})
		})
	}
}

// A connWithDeadlines counts the deadlines that are set.
type connWithDeadlines struct {
	net.Conn
	set int
}

func (c *connWithDeadlines) SetReadDeadline(t time.Time) error {
	c.set++
	return c.Conn.SetReadDeadline(t)
}

func TestAStopIsNoConcernOfAClientThatHasLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, conn := net.Pipe()
		defer client.Close()
		counting := &connWithDeadlines{Conn: conn}
		ctx, cancel := context.WithCancel(t.Context())
		require.NoError(t, limit(ctx, counting, time.Minute).Close())
		cancel()
		synctest.Wait()
		assert.Zero(t, counting.set)
	})
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
