package loops

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"time"
)

// How a stopping server takes leave: a client that has sent nothing for lull
// has nothing under way, and none is served for longer than farewell.
const (
	lull     = 200 * time.Millisecond
	farewell = 5 * time.Second
)

// accept waits for the next client. An error that passes, like a lack of file
// descriptors, is shown and tried again after a pause that grows to a second,
// so that the server neither ends nor spins.
func accept(ctx context.Context, ln net.Listener, log *journal) (net.Conn, error) {
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		conn, err := ln.Accept()
		if err == nil || !passes(err) {
			return conn, err
		}
		log.show(fmt.Sprintf("cannot accept a client, trying again in %v: %v", pause, err))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func passes(err error) bool {
	return slices.ContainsFunc(passingErrors, func(passing error) bool { return errors.Is(err, passing) })
}

// limit returns conn with a bound on every wait. A Read or Write that has moved
// nothing for timeout fails with an error that wraps os.ErrDeadlineExceeded. Once
// ctx has ended Read still hands over what has arrived, waits no longer than
// lull for more, and fails with errStopping; it goes on no longer than farewell.
func limit(ctx context.Context, conn net.Conn, timeout time.Duration) net.Conn {
	c := &limitedConn{Conn: conn, ctx: ctx, timeout: timeout}
	c.stop = context.AfterFunc(ctx, func() { // wakes a handler that waits
		conn.SetReadDeadline(time.Now().Add(lull))
		conn.SetWriteDeadline(time.Now().Add(farewell))
	})
	return c
}

var errStopping = errors.New("the server is stopping")

type limitedConn struct {
	net.Conn
	ctx     context.Context
	timeout time.Duration
	stop    func() bool
	leaveBy time.Time // set once ctx has ended
}

func (c *limitedConn) Read(buf []byte) (int, error) {
	// Set the deadline first and look at ctx afterwards: whichever of this
	// and the function given to AfterFunc comes last sees the other.
	err := c.SetReadDeadline(time.Now().Add(c.timeout))
	if c.leaving() {
		err = c.SetReadDeadline(earlier(time.Now().Add(lull), c.leaveBy))
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

func (c *limitedConn) Write(msg []byte) (int, error) {
	for written := 0; ; { // a slow peer that has taken some of it has its time again for the rest
		err := c.SetWriteDeadline(time.Now().Add(c.timeout))
		if c.leaving() {
			err = c.SetWriteDeadline(c.leaveBy)
		}
		if err != nil {
			return written, err
		}
		n, err := c.Conn.Write(msg[written:])
		written += n
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return written, err
		}
		if n == 0 || c.leaving() {
			return written, c.timedOut("took nothing")
		}
	}
}

func (c *limitedConn) timedOut(how string) error {
	if c.leaving() {
		return errStopping
	}
	return fmt.Errorf("%v %s for %v: %w", c.RemoteAddr(), how, c.timeout, os.ErrDeadlineExceeded)
}

func (c *limitedConn) leaving() bool {
	if c.ctx.Err() == nil {
		return false
	}
	if c.leaveBy.IsZero() {
		c.leaveBy = time.Now().Add(farewell)
	}
	return true
}

// Close closes the connection and forgets ctx, which outlives it.
func (c *limitedConn) Close() error {
	c.stop()
	return c.Conn.Close()
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
