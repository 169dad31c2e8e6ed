package sticky

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"example.com/gosockets/lesson05-sticky-packets/internal/guard"
)

// A Client is the other end of a Server. Its zero value is ready to use.
type Client struct {
	Framing string        // header, prefix, line or fixed, as the server's; "" means header
	Timeout time.Duration // the longest wait for an answer, or for room to send; 0 means 5 seconds
}

// messages are three small ones and one that is longer than a read.
var messages = []string{"one", "two", "three", strings.Repeat("x", 3000)}

// Dial connects to the server at addr.
func (c *Client) Dial(addr string) (net.Conn, error) {
	return net.DialTimeout("tcp", addr, c.timeout()) // socket, connect
}

// Show sends the four messages, shows each on out, waits until the server has
// taken them, and closes conn. conn must have a CloseWrite method, as a TCP
// connection does.
func (c *Client) Show(conn net.Conn, out io.Writer) error {
	half := conn.(interface{ CloseWrite() error })
	conn = guard.Limit(context.Background(), conn, c.timeout())
	defer conn.Close()
	fmt.Fprintf(out, "connected: local %v, remote %v\n", conn.LocalAddr(), conn.RemoteAddr())
	framing, err := newFraming(c.Framing, conn)
	if err != nil {
		return err
	}
	for _, msg := range messages {
		if err := framing.write([]byte(msg)); err != nil {
			return err
		}
		fmt.Fprintln(out, describe("sent", []byte(msg)))
	}
	closed := half.CloseWrite()                          // fails if the server has broken off: the next line says so better
	if _, err := io.Copy(io.Discard, conn); err != nil { // the server closes when it has read everything
		return fmt.Errorf("the server did not take everything: %w", err)
	}
	return closed
}

// Count sends each line of in, a number, and shows the answer on out, until in
// ends, and closes conn. Empty lines are passed over.
func (c *Client) Count(conn net.Conn, in io.Reader, out io.Writer) error {
	conn = guard.Limit(context.Background(), conn, c.timeout())
	defer conn.Close()
	fmt.Fprintf(out, "connected: local %v, remote %v\n", conn.LocalAddr(), conn.RemoteAddr())
	framing, err := newFraming(c.Framing, conn)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() { // the message loop: one turn for each line
		if len(lines.Bytes()) == 0 {
			continue
		}
		if err := framing.write(lines.Bytes()); err != nil {
			return err
		}
		answer, err := framing.read()
		if err != nil {
			return fmt.Errorf("no answer: %w", err)
		}
		fmt.Fprintln(out, describe("received", answer))
	}
	return lines.Err()
}

func (c *Client) timeout() time.Duration { return cmp.Or(c.Timeout, 5*time.Second) }
