package basictcp

import (
	"fmt"
	"io"
	"net"
	"time"
)

// Serve waits for one client on ln, holds the exchange with it, and closes the
// connection and ln. No wait for the client lasts longer than timeout.
func Serve(ln net.Listener, exchange Exchange, timeout time.Duration, in io.Reader, out io.Writer) error {
	defer ln.Close()
	limitAccept(ln, timeout)
	conn, err := ln.Accept() // blocks until a client has connected; hands over a second socket
	if err != nil {
		return fmt.Errorf("no client came within %v: %w", timeout, err)
	}
	defer conn.Close()
	fmt.Fprintf(out, "connected: local %v, remote %v\n", conn.LocalAddr(), conn.RemoteAddr())
	return exchange.Server(limit(conn, timeout), in, out)
}

// serveUpper answers one message with the same in capitals.
func serveUpper(conn net.Conn, _ io.Reader, out io.Writer) error {
	msg, err := receive(conn, 1024, out)
	if err != nil {
		return err
	}
	return send(conn, upper(msg), out)
}

// serveHello answers one message with a fixed one.
func serveHello(conn net.Conn, _ io.Reader, out io.Writer) error {
	if _, err := receive(conn, 1024, out); err != nil {
		return err
	}
	return send(conn, []byte("Hello,client!"), out)
}

// serveGreet speaks first. Nothing in TCP says that the client must.
func serveGreet(conn net.Conn, _ io.Reader, out io.Writer) error {
	if err := send(conn, []byte("byebye"), out); err != nil {
		return err
	}
	_, err := receive(conn, 512, out)
	return err
}

// serveAsk lets the person at the server type the answer.
func serveAsk(conn net.Conn, in io.Reader, out io.Writer) error {
	if _, err := receive(conn, 1024, out); err != nil {
		return err
	}
	reply, err := readMessage(in)
	if reply == nil {
		return err
	}
	return send(conn, reply, out)
}

// upper capitalises the 26 ASCII letters and leaves every other byte alone, as
// Python's bytes.upper() does. bytes.ToUpper would not: it takes its argument
// for UTF-8 and rewrites what is not, and a read can end inside a character.
func upper(msg []byte) []byte {
	reply := make([]byte, len(msg))
	for i, c := range msg {
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		reply[i] = c
	}
	return reply
}
