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

	"example.com/gosockets/lesson05-sticky-packets/internal/guard"
	"example.com/gosockets/lesson05-sticky-packets/internal/journal"
)

// A Server receives messages, each client's in a goroutine of its own. Its zero
// value shows messages that come in frames with a header. Its fields must not
// change while it serves.
type Server struct {
	Framing string // header, prefix, line or fixed; "" means header
	Count   bool   // answer each message, a number, with all numbers up to it

	IdleTimeout time.Duration // drops a client that is silent, or takes no answer, for so long; 0 means 5 minutes
	MaxClients  int           // serves no more than so many at once; 0 means 1000

	Log io.Writer // what the server shows, in whole lines; nil shows nothing
}

// ListenAndServe listens on addr and serves until ctx ends.
func (s *Server) ListenAndServe(ctx context.Context, addr string) error {
	ln, err := net.Listen("tcp", addr) // socket, SO_REUSEADDR, bind, listen
	if err != nil {
		return err
	}
	return s.Serve(ctx, ln)
}

// Serve accepts clients from ln until ctx ends, and closes ln. What clients have
// sent by then is still received: Serve returns nil once the last of them is
// gone, at most 15 seconds later. It returns an error only when ln can accept
// no more. What goes wrong with one client is shown, and ends that client alone.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	log := journal.New(s.Log)
	defer log.Close()
	log.Show("listening on " + ln.Addr().String())
	var handlers sync.WaitGroup
	defer handlers.Wait()
	places := make(chan struct{}, cmp.Or(s.MaxClients, 1000))
	defer ln.Close()
	defer context.AfterFunc(ctx, func() { ln.Close() })() // ends the accept below

	for { // the accept loop: one turn for each client
		conn, err := guard.Accept(ctx, ln, log.Show)
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
func (s *Server) handle(ctx context.Context, conn net.Conn, log *journal.Journal) {
	limited := guard.Limit(ctx, conn, cmp.Or(s.IdleTimeout, 5*time.Minute))
	defer limited.Close()
	log = log.For(conn.RemoteAddr())
	log.Show("connected")
	switch err := s.messages(limited, log); {
	case errors.Is(err, io.EOF): // Python: an empty recv
		log.Show("closed its side: EOF")
	case guard.IsReset(err): // Python: ConnectionResetError
		log.Show("broke the connection off: reset")
	default:
		log.Show("dropped: " + err.Error())
	}
}

// messages is the message loop: one turn for each message. It returns the error
// that ended it, which is io.EOF when the client has said good-bye.
func (s *Server) messages(conn *guard.Conn, log *journal.Journal) error {
	framing, err := newFraming(s.Framing, conn)
	if err != nil {
		return err
	}
	for {
		msg, err := framing.read()
		if err != nil {
			return err
		}
		log.Show(describe("received", msg))
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

// describe tells what was done with msg, how long it is, and what is in it, of a
// long one the beginning and the end. A peer's bytes never reach the terminal
// raw.
func describe(done string, msg []byte) string {
	if len(msg) <= 40 {
		return fmt.Sprintf("%s %d bytes: %q", done, len(msg), msg)
	}
	return fmt.Sprintf("%s %d bytes: %q...%q", done, len(msg), msg[:20], msg[len(msg)-20:])
}
