// Package basictcp holds lesson 1: one exchange over one TCP connection, and
// good-bye. It has the four one-shot conversations of the Python originals,
// each with a server's side and a client's side.
package basictcp

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
)

// An Exchange is one conversation: what each side says over conn, and when.
// A side reads what its person types from in and shows what happens on out, a
// line per event. It returns nil when the conversation ran to its end, and
// leaves closing conn to the caller.
type Exchange struct {
	Addr   string // where the original listens
	Server func(conn net.Conn, in io.Reader, out io.Writer) error
	Client func(conn net.Conn, in io.Reader, out io.Writer) error
}

// Exchanges are the four conversations by name.
var Exchanges = map[string]Exchange{
	"upper": {Addr: "127.0.0.1:8081", Server: serveUpper, Client: callUpper},
	"hello": {Addr: "127.0.0.1:12345", Server: serveHello, Client: callHello},
	"greet": {Addr: "127.0.0.1:31500", Server: serveGreet, Client: callGreet},
	"ask":   {Addr: "127.0.0.1:8000", Server: serveAsk, Client: callAsk},
}

// Choose returns the exchange of that name and the address to use with network:
// addr or, where it is empty, the original's.
func Choose(name, network, addr string) (Exchange, string, error) {
	exchange, ok := Exchanges[name]
	if !ok {
		return exchange, "", fmt.Errorf("unknown exchange %q: choose upper, hello, greet or ask", name)
	}
	switch network {
	case "tcp", "tcp4", "tcp6", "unix":
	default:
		return exchange, "", fmt.Errorf("unknown network %q: choose tcp, tcp4, tcp6 or unix", network)
	}
	if addr == "" && network == "unix" {
		return exchange, "", errors.New("a unix socket has a path for an address: give one with -addr")
	}
	return exchange, cmp.Or(addr, exchange.Addr), nil
}

// receive reads once, like recv(size): it waits until something has arrived
// and takes at most size bytes of it. The rest stays in the kernel for the next
// call. A peer that closes without a word is an error that wraps io.EOF.
func receive(conn net.Conn, size int, out io.Writer) ([]byte, error) {
	buf := make([]byte, size)
	n, err := conn.Read(buf)
	if err != nil {
		return nil, fmt.Errorf("nothing received from %v: %w", conn.RemoteAddr(), err)
	}
	fmt.Fprintf(out, "received %q\n", buf[:n]) // quoted: a peer's bytes never reach the terminal raw
	return buf[:n], nil
}

// send writes all of msg, like sendall(msg): Write loops until the kernel has
// taken every byte, or fails.
func send(conn net.Conn, msg []byte, out io.Writer) error {
	if _, err := conn.Write(msg); err != nil {
		return fmt.Errorf("cannot send to %v: %w", conn.RemoteAddr(), err)
	}
	fmt.Fprintf(out, "sent %q\n", msg)
	return nil
}
