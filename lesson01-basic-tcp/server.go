// Package basictcp holds lesson 1: one exchange over one connection, and good-bye.
// The server answers one message in capitals. Neither side can be held up by the
// other for longer than it wants.
package basictcp

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// Listen makes a socket that clients can connect to. The network is tcp, tcp4,
// tcp6, or unix, for which addr is a path.
func Listen(network, addr string) (net.Listener, error) {
	return net.Listen(network, addr) // socket, SO_REUSEADDR, bind, listen
}

// Serve waits for one client on ln, for as long as that takes, answers its message
// in capitals, and closes the connection and ln. Of a message it takes what one
// read brings, at most 1024 bytes. A client that is not done with the exchange
// within timeout is given up. Serve shows on out what happens, a line per event,
// and passes errors of out over.
func Serve(ln net.Listener, timeout time.Duration, out io.Writer) error {
	defer ln.Close()
	fmt.Fprintln(out, "listening on", show(ln.Addr().String()))
	conn, err := ln.Accept() // waits for a client; hands over a second socket
	if err != nil {
		return err
	}
	defer conn.Close()
	client := show(conn.RemoteAddr().String())
	fmt.Fprintf(out, "connected: local %s, remote %s\n", show(conn.LocalAddr().String()), client)

	// One bound for all that follows: Python's settimeout starts anew with each call.
	if err := conn.SetDeadline(time.Now().Add(timeout)); err != nil {
		return err
	}
	buf := make([]byte, 1024)
	n, err := conn.Read(buf)
	if err != nil {
		return failed("no message from "+client, timeout, err)
	}
	fmt.Fprintf(out, "received %q\n", buf[:n]) // quoted: a peer's bytes never reach the terminal raw
	upper(buf[:n])
	if _, err := conn.Write(buf[:n]); err != nil {
		return failed("the answer was not taken by "+client, timeout, err)
	}
	fmt.Fprintf(out, "sent %q\n", buf[:n])
	return nil
}

// upper turns the 26 small ASCII letters of msg into capitals and leaves every
// other byte alone, as Python's bytes.upper() does. bytes.ToUpper would not: it
// takes its argument for UTF-8 and rewrites what is not, and a read can end
// inside a character.
func upper(msg []byte) {
	for i, c := range msg {
		if 'a' <= c && c <= 'z' {
			msg[i] = c - 'a' + 'A'
		}
	}
}

// failed returns err with what has failed in front of it and, if time was up, how
// long that was. Of a *net.OpError it keeps the cause alone: the addresses in it
// are not quoted.
func failed(what string, timeout time.Duration, err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		err = op.Err
	}
	if late, ok := errors.AsType[net.Error](err); ok && late.Timeout() {
		what += " within " + timeout.String()
	}
	return fmt.Errorf("%s: %w", what, err)
}

// show returns addr as it is or, if a terminal could take some of it for a
// command, quoted: the path of a unix socket can be anything. "@" has no path.
func show(addr string) string {
	addr = cmp.Or(addr, "@")
	quoted := strconv.Quote(addr)
	if quoted == `"`+strings.ReplaceAll(addr, `\`, `\\`)+`"` { // Windows writes paths with \
		return addr
	}
	return quoted
}
