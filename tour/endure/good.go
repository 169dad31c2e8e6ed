package endure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

// converse has a whole conversation with the server: some exchanges, and then
// good-bye. It returns how many were right. The error wraps errLate when a time
// limit of the server's may be what ended it.
func (s *subject) converse(ctx context.Context, addr string, rng random, slow bool, turn uint64) (served int, err error) {
	dialer := net.Dialer{Timeout: patience}
	before, began := time.Now(), time.Now() // the exchange before, and this one
	conn, err := dialer.DialContext(ctx, s.network, addr)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })() // ends whatever waits below
	exchanges := 1
	if !s.once {
		exchanges += rng.IntN(8)
	}
	for range exchanges {
		request, want := s.exchange(rng)
		if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
			return served, err
		}
		switch {
		case s.network == "udp":
			err = askAgain(conn, request, want)
		case slow:
			err = ask(&slowConn{conn, s.whole}, request, want)
		default:
			err = ask(conn, request, want)
		}
		if err != nil {
			return served, s.late(err, before)
		}
		served++
		before, began = began, time.Now()
	}
	if conn, ok := conn.(*net.TCPConn); ok {
		return served, s.late(goodBye(conn), before)
	}
	return served, nil
}

// late wraps an error in errLate if there was time for a limit of the server's to
// run out. The server counts from when it has sent the answer before, and its
// client, which can be held up before it reads that, from when it asked.
func (s *subject) late(err error, since time.Time) error {
	limit := s.limit
	if errors.Is(err, errWrong) { // there is an answer
		limit = s.stops
	}
	if err == nil || limit == 0 || time.Since(since) < limit || errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%w: %w", errLate, err)
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
func askAgain(conn net.Conn, request, want []byte) error {
	for asked := time.Now(); time.Since(asked) < patience; {
		if _, err := conn.Write(request); err != nil {
			return err
		}
		if err := conn.SetReadDeadline(time.Now().Add(500 * time.Millisecond)); err != nil {
			return err
		}
		got := make([]byte, len(want)+1)
		for { // what was asked twice may be answered twice, also before this
			n, err := conn.Read(got)
			if errors.Is(err, os.ErrDeadlineExceeded) {
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
	return fmt.Errorf("not served within %v", patience)
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
