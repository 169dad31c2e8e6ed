package endure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// converse has a whole conversation with the server: some exchanges, and then
// good-bye. It returns how many were right.
func (s *subject) converse(ctx context.Context, addr string, rng random, slow bool, turn uint64) (served int, err error) {
	var dialer net.Dialer
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := dialer.DialContext(ctx, s.network, addr)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })() // ends whatever waits below
	late := func(err error) error {
		if errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("not served within %v", patience)
		}
		return err
	}
	exchanges := 1
	if !s.once {
		exchanges += rng.IntN(8)
	}
	for range exchanges {
		request, want := s.variant(turn).exchange(rng)
		switch {
		case s.network == "udp":
			err = askAgain(ctx, conn, request, want)
		case slow:
			err = ask(&slowConn{conn, s.whole}, request, want)
		default:
			err = ask(conn, request, want)
		}
		if err != nil {
			return served, late(err)
		}
		served++
	}
	if conn, ok := conn.(*net.TCPConn); ok {
		return served, late(goodBye(conn))
	}
	return served, nil
}

// ask sends a request and reads as many bytes as the answer has to have.
func ask(conn io.ReadWriter, request, want []byte) error {
	if _, err := conn.Write(request); err != nil {
		return err
	}
	got := make([]byte, len(want))
	n, err := io.ReadFull(conn, got)
	if err != nil {
		return fmt.Errorf("answered with %.40q, %d of %d bytes: %w", got[:n], n, len(want), err)
	}
	return compare(got, want)
}

// goodBye closes this side and expects the server to do the same, with nothing
// more to say.
func goodBye(conn *net.TCPConn) error {
	if err := conn.CloseWrite(); err != nil {
		return err
	}
	rest, err := io.ReadAll(io.LimitReader(conn, 1000))
	if err != nil {
		return fmt.Errorf("after the good-bye: %w", err)
	}
	return compare(rest, nil)
}

// askAgain sends a datagram, again and again, until one has come back: the
// kernel drops what comes while the server's buffer is full.
func askAgain(ctx context.Context, conn net.Conn, request, want []byte) error {
	for {
		if _, err := conn.Write(request); err != nil {
			return err
		}
		if err := conn.SetReadDeadline(time.Now().Add(500 * time.Millisecond)); err != nil {
			return err
		}
		got := make([]byte, len(want)+1)
		for { // what was asked twice may be answered twice, also before this
			n, err := conn.Read(got)
			var timeout net.Error
			if errors.As(err, &timeout) && timeout.Timeout() && ctx.Err() == nil {
				break
			}
			if err != nil {
				return err
			}
			if n < serialNumber || string(got[:serialNumber]) == string(want[:serialNumber]) {
				return compare(got[:n], want)
			}
		}
	}
}

// A slowConn writes a byte at a time, or in one piece when whole, and reads
// little at a time.
type slowConn struct {
	net.Conn
	whole bool
}

const slowness = time.Millisecond // between two pieces

func (c *slowConn) Write(b []byte) (int, error) {
	if c.whole {
		return c.Conn.Write(b)
	}
	for i := range b {
		if n, err := c.Conn.Write(b[i : i+1]); err != nil {
			return i + n, err
		}
		time.Sleep(slowness)
	}
	return len(b), nil
}

func (c *slowConn) Read(b []byte) (int, error) {
	time.Sleep(slowness)
	return c.Conn.Read(b[:min(len(b), 4<<10)])
}
