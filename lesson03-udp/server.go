// Package udp holds lesson 3: the same conversation in datagrams. There is no
// connection: one socket receives from everyone, and each datagram brings the
// address to answer to.
package udp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

// maxMessage is what a buffer holds, in bytes, on both sides. What a datagram
// has beyond it is lost: there is no next read that could bring the rest.
const maxMessage = 1024

// A Server answers each datagram with the same in capitals. Its zero value is
// ready to use. It keeps nothing between one datagram and the next, so it needs
// no bound on the number of its clients.
type Server struct {
	Log io.Writer // what the server shows, one Write a line; nil shows nothing
}

// Serve answers what arrives on conn until ctx ends, and closes conn. The
// datagram in hand then is still answered, and Serve returns nil. A datagram
// that cannot be received or answered is shown, and the next one is served;
// Serve returns an error only when conn has been closed by someone else.
func (s *Server) Serve(ctx context.Context, conn *net.UDPConn) error {
	log := newJournal(s.Log)
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Now()) })() // ends the read below

	buf := make([]byte, maxMessage+1) // a byte more than fits, to see that a datagram did not fit
	var failures int
	for {
		n, sender, err := conn.ReadFromUDPAddrPort(buf) // one read, one datagram
		if ctx.Err() != nil && errors.Is(err, os.ErrDeadlineExceeded) {
			return nil
		}
		if errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("cannot receive any more: %w", err)
		}
		if err != nil {
			failures++
			log.show(fmt.Sprintf("cannot receive a datagram, trying again in %v: %v", backoff(failures), err))
			pause(ctx, backoff(failures))
			continue
		}
		failures = 0
		msg := buf[:min(n, maxMessage)]
		log.showMessage(sender, msg, n > maxMessage)
		capitalize(msg)
		if _, err := conn.WriteToUDPAddrPort(msg, sender); err != nil {
			log.show(fmt.Sprintf("cannot answer: %v", err))
		}
	}
}

// capitalize turns the 26 small ASCII letters of msg into capitals and leaves
// every other byte alone, as Python's bytes.upper() does. bytes.ToUpper would
// not: it takes its argument for UTF-8 and rewrites what is not, and a datagram
// can be cut inside a character.
func capitalize(msg []byte) {
	for i, c := range msg {
		if 'a' <= c && c <= 'z' {
			msg[i] = c - ('a' - 'A')
		}
	}
}
