package loops

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync/atomic"
	"time"

	"example.com/gosockets/lesson02-loops/internal/guard"
)

// maxLine is the longest line a person can send, in bytes.
const maxLine = 1 << 20

// A Client is the other end of a Server. Its zero value is ready to use.
type Client struct {
	SendEmpty bool          // send empty lines too, to see that nothing comes of them
	Timeout   time.Duration // the longest wait for an answer, or for room to send; 0 means 5 seconds
}

// Dial connects to the server at addr.
func (c *Client) Dial(addr string) (net.Conn, error) {
	return net.DialTimeout("tcp", addr, c.timeout()) // socket, connect
}

// Talk sends each line of in and shows the answer on out, until in ends, and
// closes conn. An answer is as long as its message, however many pieces it comes
// in. Empty lines are passed over, since sending one sends nothing; a line of
// more than 1 MiB is an error.
func (c *Client) Talk(conn net.Conn, in io.Reader, out io.Writer) error {
	conn = guard.Limit(context.Background(), conn, c.timeout())
	defer conn.Close()
	fmt.Fprintf(out, "connected: local %v, remote %v\n", conn.LocalAddr(), conn.RemoteAddr())
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine+len("\n"))
	for lines.Scan() { // the message loop: one turn for each line
		if len(lines.Bytes()) == 0 && !c.SendEmpty {
			continue
		}
		if err := ask(conn, lines.Bytes(), out); err != nil {
			return err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("cannot send that line: a line has at most %d bytes: %w", maxLine, lines.Err())
	}
	return lines.Err()
}

// ask sends msg and shows the answer.
func ask(conn net.Conn, msg []byte, out io.Writer) error {
	if len(msg) == 0 {
		return askNothing(conn, out)
	}
	sent := make(chan error, 1)
	go func() { // beside the reading: if both sides only wrote, both would soon wait for room
		_, err := conn.Write(msg)
		sent <- err
	}()
	answer := make([]byte, len(msg))
	if n, err := io.ReadFull(conn, answer); err != nil {
		conn.Close() // which ends the Write too
		<-sent
		return fmt.Errorf("received %d bytes of an answer of %d: %w", n, len(msg), err)
	}
	fmt.Fprintf(out, "received %q\n", answer)
	return <-sent
}

// askNothing sends an empty message and waits for the answer that cannot come.
func askNothing(conn net.Conn, out io.Writer) error {
	if _, err := conn.Write(nil); err != nil {
		return err
	}
	_, err := conn.Read(make([]byte, 1))
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	fmt.Fprintf(out, "no answer: an empty message puts nothing on the wire, so nothing has arrived to be answered (%v)\n", err)
	return nil
}

// Pour sends all of in, closes its own half of conn, and shows what comes back
// until the server closes the other half. The answers may come in other pieces
// than the messages went. conn must have a CloseWrite method, as a TCP connection
// does.
func (c *Client) Pour(conn net.Conn, in io.Reader, out io.Writer) error {
	half := conn.(interface{ CloseWrite() error })
	conn = guard.Limit(context.Background(), conn, c.timeout())
	defer conn.Close()
	fmt.Fprintf(out, "connected: local %v, remote %v\n", conn.LocalAddr(), conn.RemoteAddr())
	var finished atomic.Bool
	sent := make(chan error, 1)
	go func() {
		_, err := io.Copy(conn, in)
		finished.Store(true)
		sent <- cmp.Or(err, half.CloseWrite()) // the server reads EOF, and can still write
	}()
	buf := make([]byte, 1024)
	for {
		typing := !finished.Load() // looked at before the wait: the last answer has all of its time
		n, err := conn.Read(buf)
		switch {
		case err == nil:
			fmt.Fprintf(out, "received %q\n", buf[:n])
		case errors.Is(err, os.ErrDeadlineExceeded) && typing:
			continue
		case errors.Is(err, io.EOF) && finished.Load():
			return <-sent
		default:
			return fmt.Errorf("not everything came back: %w", err)
		}
	}
}

func (c *Client) timeout() time.Duration { return cmp.Or(c.Timeout, 5*time.Second) }
