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
	"net/netip"
	"time"

	"example.com/gosockets/lesson03-udp/internal/journal"
)

// maxMessage is what the server takes of a datagram, in bytes. What it has
// beyond that is lost: there is no next read that could bring the rest.
const maxMessage = 1024

// A Server answers each datagram in capitals. Its zero value is ready to use. It
// keeps nothing between one datagram and the next, so it needs no bound on the
// number of its clients. Its field must not change while it serves.
type Server struct {
	Log io.Writer // what the server shows, in whole lines; nil shows nothing
}

// ListenAndServe receives on addr and serves until ctx ends. A multicast group,
// or the broadcast address of this machine, can be received on by several
// servers at once; a group is joined on the loopback interface, which asks for
// nothing from outside.
func (s *Server) ListenAndServe(ctx context.Context, addr string) error {
	local, err := resolve(addr)
	if err != nil {
		return err
	}
	conn, err := listen(local)
	if err != nil {
		return err
	}
	return s.Serve(ctx, conn)
}

func listen(local netip.AddrPort) (*net.UDPConn, error) {
	if forEveryone(local.Addr()) {
		conn, err := listenShared(local)
		if err != nil {
			return nil, fmt.Errorf("cannot share %v: %w", local, err)
		}
		return conn, nil
	}
	network, _ := source(local.Addr())
	return net.ListenUDP(network, net.UDPAddrFromAddrPort(local)) // socket, bind
}

// Serve answers what arrives on conn until ctx ends, and closes conn. The
// datagram in hand then is still answered, and Serve returns nil. It returns an
// error only when conn has been closed by someone else. What goes wrong with one
// datagram is shown, and the next one is served.
//
// A datagram that bears the server's own address is dropped: the answer would be
// the next one to answer, for ever. Against two servers nothing here helps. One
// datagram to the first in the name of the second has them answer each other
// until one is stopped; a protocol that strangers can reach needs answers that
// are not questions.
func (s *Server) Serve(ctx context.Context, conn *net.UDPConn) error {
	log := journal.New(s.Log)
	defer log.Close()
	log.Show("listening on " + conn.LocalAddr().String())
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Now()) })() // ends the read in receive

	err := s.messages(ctx, conn, log)
	if ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("cannot receive any more: %w", err)
}

// messages is the message loop: one turn for each datagram, whoever has sent it.
// It returns the error that ended it.
func (s *Server) messages(ctx context.Context, conn *net.UDPConn, log *journal.Journal) error {
	local := conn.LocalAddr().(*net.UDPAddr).AddrPort()
	buf := make([]byte, maxMessage+1) // a byte more than fits, to see that a datagram did not fit
	for {
		n, sender, err := receive(ctx, conn, buf, log) // 0 bytes are a message like any other
		if err != nil {
			return err
		}
		received := "received"
		if n > maxMessage {
			n, received = maxMessage, "received and cut"
		}
		if isSelf(sender, local) {
			log.QuoteFrom(sender, "is this server's own address: dropped", buf[:n])
			continue
		}
		log.QuoteFrom(sender, received, buf[:n])
		upper(buf[:n])
		if _, err := conn.WriteToUDPAddrPort(buf[:n], sender); err != nil {
			log.Show(fmt.Sprintf("cannot answer: %v", err))
		}
	}
}

// receive waits for the next datagram. An error is shown and followed by a pause
// that grows to a second, so that the server neither ends nor spins. It is
// returned only when ctx has ended or conn is closed.
func receive(ctx context.Context, conn *net.UDPConn, buf []byte, log *journal.Journal) (n int, sender netip.AddrPort, err error) {
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		n, sender, err = conn.ReadFromUDPAddrPort(buf) // one read, one datagram
		if err == nil || ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
			return n, sender, err
		}
		log.Show(fmt.Sprintf("cannot receive a datagram, trying again in %v: %v", pause, err))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return 0, sender, ctx.Err()
		}
	}
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
