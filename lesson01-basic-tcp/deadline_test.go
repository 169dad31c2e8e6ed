package basictcp

import (
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The exchange has a bound, and not only each of its calls. Python's settimeout,
// which starts anew with each call, would let a slow peer go on for ever.

// onePipe is a listener whose only client comes after wait. A pipe takes a byte
// when the other end reads it.
type onePipe struct {
	net.Conn
	wait time.Duration
}

func (p onePipe) Accept() (net.Conn, error) {
	<-time.After(p.wait)
	return p.Conn, nil
}

func (p onePipe) Addr() net.Addr { return p.LocalAddr() }

// serveBy runs Serve with a minute for a client that comes after an hour, in a
// bubble whose clock jumps ahead, and returns when it ended, from then on.
func serveBy(t *testing.T, client func(conn net.Conn)) (lasted time.Duration, err error) {
	synctest.Test(t, func(t *testing.T) {
		server, conn := net.Pipe()
		accepted := time.Now().Add(time.Hour)
		var both sync.WaitGroup
		defer both.Wait()
		both.Go(func() {
			<-time.After(time.Hour)
			client(conn)
		})
		err = Serve(onePipe{server, time.Hour}, time.Minute, io.Discard)
		lasted = time.Since(accepted)
	})
	return lasted, err
}

func TestAClientThatSaysNothingIsGivenUpAfterTheTimeout(t *testing.T) {
	lasted, err := serveBy(t, func(net.Conn) {})
	assert.Equal(t, time.Minute, lasted, "and has been waited for as long as it took to come")
	assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
	assert.EqualError(t, err, "no message from pipe within 1m0s: i/o timeout", "pipe is its address")
}

func TestASlowClientCannotMakeTheExchangeLastLongerThanTheTimeout(t *testing.T) {
	for name, taking := range map[string]func(conn net.Conn){
		"takes nothing":        func(net.Conn) {},
		"takes 10 bytes of 20": func(conn net.Conn) { io.ReadFull(conn, make([]byte, 10)) },
		"takes a byte every 10 seconds": func(conn net.Conn) {
			for err := error(nil); err == nil; _, err = conn.Read(make([]byte, 1)) {
				<-time.After(10 * time.Second)
			}
		},
	} {
		lasted, err := serveBy(t, func(conn net.Conn) {
			<-time.After(30 * time.Second)
			conn.Write([]byte("twenty bytes of text"))
			<-time.After(20 * time.Second) // a deadline for each call would begin again
			taking(conn)
		})
		assert.Equal(t, time.Minute, lasted, name)
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded, name)
		assert.EqualError(t, err, "the answer was not taken by pipe within 1m0s: i/o timeout", name)
	}
}

func TestAClientThatIsDoneInTimeIsServed(t *testing.T) {
	answer := make([]byte, 4)
	lasted, err := serveBy(t, func(conn net.Conn) {
		<-time.After(30 * time.Second)
		conn.Write([]byte("late"))
		<-time.After(29 * time.Second)
		io.ReadFull(conn, answer)
	})
	require.NoError(t, err)
	assert.Equal(t, "LATE", string(answer))
	assert.Equal(t, 59*time.Second, lasted)
}

func TestAServerThatDoesNotAnswerIsGivenUpAfterTheTimeout(t *testing.T) {
	ln := listen(t) // the kernel connects its clients, and nobody ever speaks
	err := Call("tcp", ln.Addr().String(), 50*time.Millisecond, io.Discard)
	assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
	assert.EqualError(t, err, "no answer from "+ln.Addr().String()+" within 50ms: i/o timeout")
}
