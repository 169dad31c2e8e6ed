package loops

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/lesson02-loops/internal/guard"
)

// inBubble runs test with a guarded connection that has a minute for everything,
// and the peer's end of it. stop does what Ctrl-C does.
func inBubble(t *testing.T, test func(t *testing.T, conn *guard.Conn, peer net.Conn, stop func())) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		bare, peer := net.Pipe()
		conn := guard.Limit(ctx, bare, time.Minute)
		test(t, conn, peer, stop)
		conn.Close()
		peer.Close()
		pass(time.Hour) // until all goroutines have noticed
	})
}

// pass lets time pass, in a bubble.
func pass(d time.Duration) { <-time.After(d) }

// bitByBit sends or takes, as move does, one byte each pause, until that fails.
func bitByBit(pause time.Duration, move func([]byte) (int, error)) {
	for err := error(nil); err == nil; _, err = move(make([]byte, 1)) {
		pass(pause)
	}
}

func TestAReadWaitsForItsTimeoutAndNotLonger(t *testing.T) {
	inBubble(t, func(t *testing.T, conn *guard.Conn, peer net.Conn, _ func()) {
		go func() {
			pass(time.Minute - 1)
			peer.Write([]byte("just in time"))
		}()
		receive(t, conn, "just in time")
		began := time.Now()
		n, err := conn.Read(make([]byte, 1))
		assert.Zero(t, n)
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
		assert.EqualError(t, err, "pipe was silent for 1m0s: i/o timeout")
		assert.Equal(t, time.Minute, time.Since(began))

		conn.Timeout = time.Second // it can be changed
		_, err = conn.Read(make([]byte, 1))
		assert.EqualError(t, err, "pipe was silent for 1s: i/o timeout")
		assert.Equal(t, time.Minute+time.Second, time.Since(began))
	})
}

func TestAWriteWaitsForItsTimeoutAndNotLonger(t *testing.T) {
	inBubble(t, func(t *testing.T, conn *guard.Conn, peer net.Conn, _ func()) {
		go func() {
			pass(time.Minute - 1)
			io.ReadFull(peer, make([]byte, len("just in time")))
		}()
		send(t, conn, "just in time")
		began := time.Now()
		n, err := conn.Write([]byte("nobody takes it"))
		assert.Zero(t, n)
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
		assert.EqualError(t, err, "pipe took nothing for 1m0s: i/o timeout")
		assert.Equal(t, time.Minute, time.Since(began))
	})
}

func TestASlowPeerThatTakesSomeOfAMessageInEachTurnIsNotDropped(t *testing.T) {
	inBubble(t, func(t *testing.T, conn *guard.Conn, peer net.Conn, _ func()) {
		const size = 100
		msg := patterned(size)
		taken := make(chan string)
		go func() { // in 75 minutes
			var all strings.Builder
			bitByBit(45*time.Second, func(b []byte) (int, error) {
				n, err := peer.Read(b)
				all.Write(b[:n])
				if all.Len() == size {
					return 0, io.EOF
				}
				return n, err
			})
			taken <- all.String()
		}()
		send(t, conn, msg)
		assert.Equal(t, msg, <-taken)

		go io.ReadFull(peer, make([]byte, 10)) // and then takes no more
		began := time.Now()
		n, err := conn.Write([]byte(msg))
		assert.Equal(t, 10, n)
		assert.EqualError(t, err, "pipe took nothing for 1m0s: i/o timeout")
		assert.Equal(t, 2*time.Minute, time.Since(began), "a turn in which 10 were taken, and one in which none was")
	})
}

func TestASendGoesOnWithWhatIsLeftAndEndsWithAnyErrorButATimeout(t *testing.T) {
	inBubble(t, func(t *testing.T, conn *guard.Conn, _ net.Conn, _ func()) {
		broken := errors.New("the disk is gone")
		turns := []struct {
			moved int64
			err   error
		}{{10, os.ErrDeadlineExceeded}, {1, os.ErrDeadlineExceeded}, {5, broken}}
		var before []int64
		sent, err := conn.Send(func(sent int64) (int64, error) {
			turn := turns[len(before)]
			before = append(before, sent)
			return turn.moved, turn.err
		})
		assert.Equal(t, broken, err)
		assert.Equal(t, int64(16), sent)
		assert.Equal(t, []int64{0, 10, 11}, before)
	})
}

func TestAStopLetsGoOfAPeerThatHasNothingUnderWay(t *testing.T) {
	inBubble(t, func(t *testing.T, conn *guard.Conn, peer net.Conn, stop func()) {
		go func() {
			pass(30 * time.Second)
			stop()
			pass(200*time.Millisecond - 1)
			peer.Write([]byte("one more thing"))
		}()
		receive(t, conn, "one more thing")
		began := time.Now()
		_, err := conn.Read(make([]byte, 1))
		assert.Equal(t, guard.ErrStopping, err)
		assert.Equal(t, 200*time.Millisecond, time.Since(began))
	})
}

func TestAStopServesNobodyForLongerThanTheFarewell(t *testing.T) {
	for name, linger := range map[string]struct {
		peer, handler func(conn net.Conn) error
	}{
		"who dribbles": {
			func(peer net.Conn) error { bitByBit(100*time.Millisecond, peer.Write); return nil },
			func(conn net.Conn) error { _, err := io.Copy(io.Discard, conn); return err },
		},
		"who takes nothing": {
			func(net.Conn) error { return nil },
			func(conn net.Conn) error { _, err := conn.Write([]byte("x")); return err },
		},
		"who takes it bit by bit": {
			func(peer net.Conn) error { bitByBit(100*time.Millisecond, peer.Read); return nil },
			func(conn net.Conn) error { _, err := conn.Write(make([]byte, 1024)); return err },
		},
		"who takes one message after the other": {
			func(peer net.Conn) error { bitByBit(100*time.Millisecond, peer.Read); return nil },
			func(conn net.Conn) (err error) {
				for err == nil {
					_, err = conn.Write([]byte("x"))
				}
				return err
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, conn *guard.Conn, peer net.Conn, stop func()) {
				go linger.peer(peer)
				var stopped time.Time
				go func() {
					pass(time.Second)
					stopped = time.Now()
					stop()
				}()
				assert.Equal(t, guard.ErrStopping, linger.handler(conn))
				assert.Equal(t, 5*time.Second, time.Since(stopped))
			})
		})
	}
}

func TestAConnectionThatIsMadeAfterTheStopTakesLeaveToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		stop()
		bare, peer := net.Pipe()
		defer peer.Close()
		conn := guard.Limit(ctx, bare, time.Minute)
		defer conn.Close()
		began := time.Now()
		_, err := conn.Read(make([]byte, 1))
		assert.Equal(t, guard.ErrStopping, err)
		assert.Equal(t, 200*time.Millisecond, time.Since(began))
	})
}

func TestOneGoroutineMayReadWhileAnotherWritesAndTheServerStops(t *testing.T) {
	inBubble(t, func(t *testing.T, conn *guard.Conn, peer net.Conn, stop func()) {
		go bitByBit(time.Millisecond, peer.Write)
		go bitByBit(time.Millisecond, peer.Read)
		var both sync.WaitGroup
		both.Go(func() {
			_, err := io.Copy(io.Discard, conn)
			assert.Equal(t, guard.ErrStopping, err)
		})
		both.Go(func() {
			_, err := conn.Write(make([]byte, 1<<20))
			assert.Equal(t, guard.ErrStopping, err)
		})
		pass(time.Second)
		stop()
		both.Wait()
	})
}

func TestAConnectionThatIsClosedIsNotReachedByTheContextAnyMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bare, peer := net.Pipe()
		defer peer.Close()
		ctx, cancel := context.WithCancel(t.Context())
		observed := &deadlineConn{Conn: bare}
		conn := guard.Limit(ctx, observed, time.Minute)
		require.NoError(t, conn.Close())
		cancel()
		synctest.Wait()
		assert.Zero(t, observed.set, "a server that runs for years must not remember every client")
		_, err := conn.Read(make([]byte, 1))
		assert.ErrorIs(t, err, io.ErrClosedPipe)
		_, err = conn.Write([]byte("x"))
		assert.ErrorIs(t, err, io.ErrClosedPipe)
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
