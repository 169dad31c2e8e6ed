package remote

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"time"

	"golang.org/x/text/encoding"

	"example.com/gosockets/lesson04-exec/internal/guard"
	"example.com/gosockets/lesson04-exec/internal/journal"
)

// A Client sends commands and shows the answers. Its zero value takes answers
// for UTF-8.
type Client struct {
	Encoding encoding.Encoding // of the answers: what the server's system prints; nil means UTF-8
	Raw      bool              // show control characters as they are: they can steer the terminal
	Timeout  time.Duration     // the longest wait for an answer; 0 means 15 seconds, more than a server's limit for a command
}

// Dial connects to the server at addr: HOST:PORT (network tcp, tcp4 or tcp6), or a
// path (unix).
func (c *Client) Dial(network, addr string) (net.Conn, error) {
	return net.DialTimeout(network, addr, c.timeout()) // socket, connect
}

// Talk sends each line of in as a command and shows the answer on out, until in
// ends, and closes conn. Empty lines are passed over, since sending one sends
// nothing; a line of more than 1024 bytes is an error.
//
// As in the original an answer is one read of at most 1024 bytes. The rest of a
// longer one stays in the kernel, and appears in front of the next answer:
// nothing on this wire says where an answer ends. Lesson 5 is about that.
func (c *Client) Talk(conn net.Conn, in io.Reader, out io.Writer) error {
	conn = guard.Limit(context.Background(), conn, c.timeout())
	defer conn.Close()
	fmt.Fprintf(out, "connected: local %s, remote %s\n", journal.Name(conn.LocalAddr()), journal.Name(conn.RemoteAddr()))
	answer := make([]byte, 1024)
	lines := bufio.NewScanner(in)
	for lines.Scan() { // the message loop: one turn for each command
		command := bytes.TrimSpace(lines.Bytes())
		if len(command) == 0 {
			continue
		}
		if len(command) > maxCommand {
			return errTooLong
		}
		if _, err := conn.Write(command); err != nil {
			return err
		}
		n, err := conn.Read(answer)
		if err != nil {
			return fmt.Errorf("no answer: %w", err)
		}
		if err := c.show(out, answer[:n]); err != nil {
			return err
		}
	}
	return lines.Err()
}

func (c *Client) timeout() time.Duration { return cmp.Or(c.Timeout, 15*time.Second) }
