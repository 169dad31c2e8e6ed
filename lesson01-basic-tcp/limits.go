package basictcp

import (
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// limit returns conn with a bound on every wait: a Read or Write that has moved
// nothing for timeout fails with an error that names the peer and the time, and
// that wraps os.ErrDeadlineExceeded. This is Python's settimeout.
func limit(conn net.Conn, timeout time.Duration) net.Conn {
	return &limitedConn{conn, timeout}
}

type limitedConn struct {
	net.Conn
	timeout time.Duration
}

func (c *limitedConn) Read(buf []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.timeout)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(buf)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = fmt.Errorf("%v was silent for %v: %w", c.RemoteAddr(), c.timeout, os.ErrDeadlineExceeded)
	}
	return n, err
}

func (c *limitedConn) Write(msg []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.timeout)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Write(msg)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = fmt.Errorf("%v took nothing for %v: %w", c.RemoteAddr(), c.timeout, os.ErrDeadlineExceeded)
	}
	return n, err
}

// limitAccept bounds the wait for a client, where the kind of listener can.
func limitAccept(ln net.Listener, timeout time.Duration) {
	if ln, ok := ln.(interface{ SetDeadline(time.Time) error }); ok {
		ln.SetDeadline(time.Now().Add(timeout)) // fails only on a closed listener, which Accept reports
	}
}
