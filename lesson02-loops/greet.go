package loops

import (
	"context"
	"fmt"
	"io"
	"net"
)

// Greet hears the server's greeting on a connection from dial, and answers it.
func (c *Client) Greet(dial func() (net.Conn, error), out io.Writer) error {
	conn, err := c.hear(dial, "hihi I am client", out)
	if err != nil {
		return err
	}
	return conn.Close()
}

// GreetTwice holds two connections from dial in one program. To the server they
// are two clients.
func (c *Client) GreetTwice(dial func() (net.Conn, error), out io.Writer) error {
	first, err := c.hear(dial, "hihi I am client", out)
	if err != nil {
		return err
	}
	defer first.Close()
	second, err := c.hear(dial, "client send use sock2", out)
	if err != nil {
		return err
	}
	return second.Close()
}

// hear connects, shows the greeting, and answers with msg.
func (c *Client) hear(dial func() (net.Conn, error), msg string, out io.Writer) (net.Conn, error) {
	conn, err := dial()
	if err != nil {
		return nil, err
	}
	conn = limit(context.Background(), conn, c.timeout())
	fmt.Fprintf(out, "connected: local %v, remote %v\n", conn.LocalAddr(), conn.RemoteAddr())
	greeting := make([]byte, 512)
	n, err := conn.Read(greeting)
	if err == nil {
		fmt.Fprintf(out, "received %q\n", greeting[:n])
		_, err = conn.Write([]byte(msg))
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}
