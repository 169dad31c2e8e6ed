package basictcp

import (
	"fmt"
	"io"
	"net"
	"time"
)

// Call holds the client's side of the exchange over conn and closes conn. No
// wait for the server lasts longer than timeout.
func Call(conn net.Conn, exchange Exchange, timeout time.Duration, in io.Reader, out io.Writer) error {
	defer conn.Close()
	fmt.Fprintf(out, "connected: local %v, remote %v\n", conn.LocalAddr(), conn.RemoteAddr())
	return exchange.Client(limit(conn, timeout), in, out)
}

// callUpper sends a word and receives it in capitals.
func callUpper(conn net.Conn, _ io.Reader, out io.Writer) error {
	if err := send(conn, []byte("hello"), out); err != nil {
		return err
	}
	_, err := receive(conn, 1024, out)
	return err
}

// callHello sends a greeting and receives one.
func callHello(conn net.Conn, _ io.Reader, out io.Writer) error {
	if err := send(conn, []byte("Hello Server!"), out); err != nil {
		return err
	}
	_, err := receive(conn, 1024, out)
	return err
}

// callGreet listens first and speaks second.
func callGreet(conn net.Conn, _ io.Reader, out io.Writer) error {
	if _, err := receive(conn, 512, out); err != nil {
		return err
	}
	return send(conn, []byte("hihi"), out)
}

// callAsk sends what its person types and receives what the other person types.
func callAsk(conn net.Conn, in io.Reader, out io.Writer) error {
	msg, err := readMessage(in)
	if msg == nil {
		return err
	}
	if err := send(conn, msg, out); err != nil {
		return err
	}
	_, err = receive(conn, 1024, out)
	return err
}
