// Package sticky holds lesson 5: where one message ends and the next begins. A
// stream does not say; a framing does.
package sticky

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// A Server receives messages, each client's in a goroutine of its own. Its zero
// value takes each read for a message. Its fields must not change while Serve
// runs.
type Server struct {
	Framing string       // none, header, prefix, line or fixed; "" means none
	Count   bool         // answer each message, a number, with all numbers up to it; instead of showing messages
	Beside  *net.UDPConn // where clients send the same messages in datagrams; nil if they do not

	IdleTimeout time.Duration // drops a client that is silent, or takes no answer, for so long; 0 means 5 minutes
	MaxClients  int           // serves no more than so many at once; 0 means 1000

	Log io.Writer // what the server shows, one Write a line; nil shows nothing
}

// Serve accepts clients from ln until ctx ends, and closes ln. What clients have
// sent by then is still received: Serve returns nil once the last of them is
// gone, at most 15 seconds later. It returns an error only when ln can accept
// no more. What goes wrong with one client is shown, and ends that client alone.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	log := newJournal(s.Log)
	var handlers sync.WaitGroup
	defer handlers.Wait()
	places := make(chan struct{}, cmp.Or(s.MaxClients, 1000))
	defer ln.Close()
	defer context.AfterFunc(ctx, func() { ln.Close() })() // ends the accept below

	for { // the accept loop: one turn for each client
		conn, err := accept(ctx, ln, log)
		if err != nil && ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("cannot accept clients any more: %w", err)
		}
		places <- struct{}{} // waits while MaxClients are being served
		handlers.Go(func() {
			s.handle(ctx, conn, log)
			<-places
		})
	}
}

// handle talks to one client until it leaves, and shows how it left.
func (s *Server) handle(ctx context.Context, conn net.Conn, log *journal) {
	conn = limit(ctx, conn, cmp.Or(s.IdleTimeout, 5*time.Minute))
	defer conn.Close()
	client := log.client(conn.RemoteAddr())
	client.show("connected")
	err := s.messages(ctx, conn, client)
	switch {
	case errors.Is(err, io.EOF): // Python: an empty recv
		client.show("closed its side: EOF")
	case errors.Is(err, errConnReset): // Python: ConnectionResetError
		client.show("broke the connection off: reset")
	default:
		client.show("dropped: " + err.Error())
	}
}

// messages is the message loop: one turn for each message. It returns the error
// that ended it, which is io.EOF when the client has said good-bye.
func (s *Server) messages(ctx context.Context, conn net.Conn, client *clientJournal) error {
	framing, err := newFraming(cmp.Or(s.Framing, "none"), conn)
	if err != nil {
		return err
	}
	if s.Beside != nil {
		hearBeside(ctx, s.Beside, client.journal)
	}
	for {
		msg, err := framing.read()
		if err != nil {
			return err
		}
		client.show(describe("received", msg))
		if !s.Count {
			continue
		}
		err = framing.write(count(msg))
		if errors.Is(err, errMessageTooLong) {
			err = framing.write([]byte("the answer is too long for this framing"))
		}
		if err != nil {
			return err
		}
	}
}
