package udp

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"time"
)

// maxDatagram is what one datagram can carry over IPv4, in bytes: 65,535 less the
// headers of IP and UDP.
const maxDatagram = 65507

// A Client sends datagrams and waits for the answers. Its zero value sends each
// message once and waits a second.
type Client struct {
	Connect   bool          // connect the socket: it hears the server alone, and hears when nobody is there
	Broadcast bool          // take answers from everyone, until Timeout
	Timeout   time.Duration // the wait for an answer, doubled for each retry; 0 means 1 second
	Retries   int           // how often to send again what was not answered; the server may do the work each time
}

// Talk sends each line of in to addr in a datagram of its own, and shows the
// answers on out. An empty line is a message like any other. A message without
// an answer is shown too, and lets Talk return an error when in has ended. A
// line that no datagram can carry is an error at once.
func (c *Client) Talk(addr string, in io.Reader, out io.Writer) error {
	server, err := resolve(addr)
	if err != nil {
		return err
	}
	var failure error
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxDatagram+len("\n"))
	for lines.Scan() { // one turn for each line
		if err := c.ask(server, lines.Bytes(), out); err != nil {
			fmt.Fprintln(out, "no answer:", err)
			failure = err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("cannot send that line: a datagram carries at most %d bytes: %w", maxDatagram, lines.Err())
	}
	return cmp.Or(lines.Err(), failure)
}

// ask sends msg until it is answered, at most 1+Retries times, waiting twice as
// long each time.
func (c *Client) ask(server netip.AddrPort, msg []byte, out io.Writer) error {
	wait := cmp.Or(c.Timeout, time.Second)
	for range c.Retries {
		err := c.try(server, msg, wait, out)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
		fmt.Fprintf(out, "%v, trying again\n", err)
		wait *= 2
	}
	return c.try(server, msg, wait, out)
}

// try sends msg once and waits for its answer. It has a socket, and so a port,
// of its own: a late answer to an earlier try goes to a port where nobody is any
// more, and is not taken for the answer to this one.
func (c *Client) try(server netip.AddrPort, msg []byte, wait time.Duration, out io.Writer) error {
	conn, err := c.open(server)
	if err != nil {
		return err
	}
	defer conn.Close()
	if c.Connect {
		_, err = conn.Write(msg)
	} else {
		_, err = conn.WriteToUDPAddrPort(msg, server)
	}
	if err != nil {
		return err
	}
	conn.SetReadDeadline(time.Now().Add(wait)) // wakes the read below when nothing comes
	buf := make([]byte, maxDatagram)
	for answers := 0; ; {
		n, sender, err := conn.ReadFromUDPAddrPort(buf)
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded) && answers > 0:
			return nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			return fmt.Errorf("%v was silent for %v: %w", server, wait, os.ErrDeadlineExceeded)
		case err != nil:
			return err // the refusal that only a connected socket hears of
		case sender != server && !c.Broadcast:
			continue // a stranger: anyone may send to an unconnected socket
		}
		fmt.Fprintf(out, "received %q from %v%s\n", buf[:n], sender, cut(n, len(msg)))
		if !c.Broadcast {
			return nil
		}
		answers++
	}
}

// open opens a socket on a free port, which the kernel chooses.
func (c *Client) open(server netip.AddrPort) (*net.UDPConn, error) {
	network, local := source(server.Addr())
	if c.Connect {
		return net.DialUDP(network, nil, net.UDPAddrFromAddrPort(server)) // socket, connect
	}
	return net.ListenUDP(network, net.UDPAddrFromAddrPort(local)) // socket, bind
}

// cut says what an answer lacks: it has the length of its question, unless the
// server had no room for that.
func cut(received, sent int) string {
	if received >= sent {
		return ""
	}
	return fmt.Sprintf(", cut: %d of %d bytes came back", received, sent)
}
