package basictcp

import (
	"fmt"
	"io"
	"net"
	"time"
)

// Call connects to the server at addr, sends it a word, and shows on out what
// comes back in one read of at most 1024 bytes. All of it together takes no
// longer than timeout.
func Call(network, addr string, timeout time.Duration, out io.Writer) error {
	server := show(addr)
	deadline := time.Now().Add(timeout)
	dialer := net.Dialer{Deadline: deadline}
	conn, err := dialer.Dial(network, addr) // socket, connect
	if err != nil {
		return failed("no connection to "+server, timeout, err)
	}
	defer conn.Close()
	fmt.Fprintf(out, "connected: local %s, remote %s\n", show(conn.LocalAddr().String()), show(conn.RemoteAddr().String()))
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	msg := []byte("hello")
	if _, err := conn.Write(msg); err != nil {
		return failed("the message was not taken by "+server, timeout, err)
	}
	fmt.Fprintf(out, "sent %q\n", msg)
	buf := make([]byte, 1024)
	n, err := conn.Read(buf)
	if err != nil {
		return failed("no answer from "+server, timeout, err)
	}
	fmt.Fprintf(out, "received %q\n", buf[:n])
	return nil
}
