package guard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// How a stopping server takes leave: a client that has sent nothing for lull
// has nothing under way, and none is served for longer than farewell.
const (
	lull     = 200 * time.Millisecond
	farewell = 5 * time.Second
)

// ErrStopping is why a connection is given up when the server stops.
var ErrStopping = errors.New("the server is stopping")

// A Conn is a connection with a bound on every wait. One goroutine may read
// while another writes.
type Conn struct {
	net.Conn               // the bare connection: what goes by way of it has no bounds
	Timeout  time.Duration // the longest wait for the peer to send, or to take, anything

	ctx     context.Context
	stop    func() bool
	leaveBy func() time.Time // the same time in each call, farewell after the stop
}

// Limit returns conn with bounds. A Read or Write that has moved nothing for
// timeout fails with an error that wraps os.ErrDeadlineExceeded. Once ctx has
// ended, Read still hands over what has arrived, waits no longer than 200 ms for
// more, and fails with ErrStopping; none goes on for longer than 5 s.
func Limit(ctx context.Context, conn net.Conn, timeout time.Duration) *Conn {
	leaveBy := sync.OnceValue(func() time.Time { return time.Now().Add(farewell) })
	stop := context.AfterFunc(ctx, func() { // wakes a handler that waits
		conn.SetReadDeadline(time.Now().Add(lull))
		conn.SetWriteDeadline(leaveBy())
	})
	return &Conn{conn, timeout, ctx, stop, leaveBy}
}

// Read reads once, like the Read of the bare connection.
func (c *Conn) Read(buf []byte) (int, error) {
	// Set the deadline first and look at ctx afterwards: whichever of this
	// and the function given to AfterFunc comes last sees the other.
	err := c.SetReadDeadline(time.Now().Add(c.Timeout))
	if c.leaving() {
		err = c.SetReadDeadline(earlier(time.Now().Add(lull), c.leaveBy()))
	}
	if err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(buf)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = c.timedOut("was silent")
	}
	return n, err
}

// Write writes all of msg.
func (c *Conn) Write(msg []byte) (int, error) {
	written, err := c.Send(func(written int64) (int64, error) {
		n, err := c.Conn.Write(msg[written:])
		return int64(n), err
	})
	return int(written), err
}

// Send sends in turns: move writes to the bare connection what is left after
// sent bytes, and returns how many more those are. A slow peer that has taken
// some of it has the whole timeout again for the rest.
func (c *Conn) Send(move func(sent int64) (int64, error)) (sent int64, err error) {
	for {
		err := c.SetWriteDeadline(time.Now().Add(c.Timeout)) // as in Read
		if c.leaving() {
			err = c.SetWriteDeadline(c.leaveBy())
		}
		if err != nil {
			return sent, err
		}
		moved, err := move(sent)
		sent += moved
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return sent, err
		}
		if moved == 0 || c.leaving() {
			return sent, c.timedOut("took nothing")
		}
	}
}

func (c *Conn) timedOut(how string) error {
	if c.leaving() {
		return ErrStopping
	}
	return fmt.Errorf("%v %s for %v: %w", c.RemoteAddr(), how, c.Timeout, os.ErrDeadlineExceeded)
}

func (c *Conn) leaving() bool { return c.ctx.Err() != nil }

// Close closes the connection and forgets ctx, which outlives it.
func (c *Conn) Close() error {
	c.stop()
	return c.Conn.Close()
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
