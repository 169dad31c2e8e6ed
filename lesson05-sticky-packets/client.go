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
)

// A Client sends messages. Its zero value leaves them without a framing.
type Client struct {
	Framing string        // none, header, prefix, line or fixed; "" means none
	Timeout time.Duration // the longest wait for an answer, or for room to send; 0 means 5 seconds
}

// messages are three small ones and one that is longer than a read.
var messages = []string{"one", "two", "three", strings.Repeat("x", 3000)}

// Show sends the messages over conn, the same in datagrams over beside unless
// that is nil, and closes conn. It shows what it sends on out. conn must have a
// CloseWrite method, as a TCP connection does.
func (c *Client) Show(conn net.Conn, beside net.Conn, out io.Writer) error {
	half := conn.(interface{ CloseWrite() error })
	conn = limit(context.Background(), conn, c.timeout())
	defer conn.Close()
	fmt.Fprintf(out, "connected: local %v, remote %v\n", conn.LocalAddr(), conn.RemoteAddr())
	framing, err := newFraming(cmp.Or(c.Framing, "none"), conn)
	if err != nil {
		return err
	}
	for _, msg := range messages { // one write each
		if err := framing.write([]byte(msg)); err != nil {
			return err
		}
		fmt.Fprintln(out, describe("sent", []byte(msg)))
	}
	if beside != nil {
		if err := showBeside(beside, out); err != nil {
			return err
		}
	}
	closed := half.CloseWrite()                          // fails if the server has broken off: the next line says so better
	if _, err := io.Copy(io.Discard, conn); err != nil { // the server closes when it has read everything
		return fmt.Errorf("the server did not take everything: %w", err)
	}
	return closed
}

// showBeside sends the messages in datagrams, and an empty one for the end.
func showBeside(beside net.Conn, out io.Writer) error {
	for _, msg := range append(messages, "") {
		if _, err := beside.Write([]byte(msg)); err != nil {
			return err
		}
		if msg != "" {
			fmt.Fprintln(out, describe("sent over UDP", []byte(msg)))
		}
	}
	return nil
}

// Count sends each line of in, a number, and shows the answer on out, until in
// ends, and closes conn. Empty lines are passed over.
func (c *Client) Count(conn net.Conn, in io.Reader, out io.Writer) error {
	conn = limit(context.Background(), conn, c.timeout())
	defer conn.Close()
	fmt.Fprintf(out, "connected: local %v, remote %v\n", conn.LocalAddr(), conn.RemoteAddr())
	framing, err := newFraming(cmp.Or(c.Framing, "none"), conn)
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
