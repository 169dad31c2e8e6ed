// Package loops holds lesson 2: a server with two loops, one over clients and
// inside it one over the messages of a client, and the client to go with it.
package loops

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"example.com/gosockets/lesson02-loops/internal/guard"
	"example.com/gosockets/lesson02-loops/internal/journal"
)

// A Server answers each message in capitals. Its zero value talks to one client
// at a time, as the Python original does. Its fields must not change while it
// serves.
type Server struct {
	Concurrent bool // serve each client in a goroutine of its own

	IdleTimeout time.Duration // drops a client that is silent, or takes no answer, for so long; 0 means 5 minutes
	MaxClients  int           // serves no more than so many at once when Concurrent; 0 means 1000

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
// sent by then is still answered: Serve returns nil once the last of them is
// gone, at most 11 seconds later. It returns an error only when ln can accept
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
		if !s.Concurrent {
			s.handle(ctx, conn, log) // the next client waits in the backlog until this one has left
			continue
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

// messages is the message loop: one turn for each read. It returns the error that
// ended it, which is io.EOF when the client has said good-bye.
func (s *Server) messages(conn *guard.Conn, log *journal.Journal) error {
	buf := make([]byte, 1024)
	for {
		n, err := conn.Read(buf) // waits for at least 1 byte: an empty message never arrives
		if err != nil {
			return err
		}
		log.Quote("received", buf[:n])
		upper(buf[:n])
		if _, err := conn.Write(buf[:n]); err != nil {
			return err
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
