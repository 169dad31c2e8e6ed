// Package remote holds lesson 4: a server that runs the commands of its
// clients, and the client that sends them. The wire is the Python original's:
// one read is one command, and the answer is what the command printed.
package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"example.com/gosockets/lesson04-exec/internal/guard"
	"example.com/gosockets/lesson04-exec/internal/journal"
)

// A Server runs commands for its clients, each client in a goroutine of its
// own. Its zero value is ready to use: whoever reaches it can do all that its
// user can. Its fields must not change while it serves.
type Server struct {
	Dir       string        // where commands start; "" is the server's own directory
	Timeout   time.Duration // stops a command that runs longer; 0 means 10 seconds
	MaxOutput int           // answers with no more than so many bytes of output; 0 means 1 MiB

	IdleTimeout time.Duration // drops a client that is silent, or takes no answer, for so long; 0 means 5 minutes
	MaxClients  int           // serves no more than so many at once; 0 means 16

	Log io.Writer // what the server shows, in whole lines; nil shows nothing

	farewell time.Duration // see parting; 0 means 1 second
}

// ListenAndServe listens where only this machine can reach it, and serves until
// ctx ends: on the loopback address addr (network tcp, tcp4 or tcp6), or on the
// path addr (unix), which only its owner may open. It refuses any other address
// with an error that wraps ErrNotLoopback or, for a unix socket that is no file,
// ErrNotAPath.
func (s *Server) ListenAndServe(ctx context.Context, network, addr string) error {
	addr, err := onlyHere(network, addr)
	if err != nil {
		return err
	}
	restore := ownersAlone()
	ln, err := net.Listen(network, addr) // socket, SO_REUSEADDR, bind, listen
	restore()
	if err != nil {
		return err
	}
	return s.Serve(ctx, ln)
}

// Serve accepts clients from ln until ctx ends, and closes ln. Commands that run
// by then are stopped: Serve returns nil once the last client is gone, at most
// 10 seconds later. It returns an error only when ln can accept no more. What
// goes wrong with one client is shown, and ends that client alone.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	log := journal.New(s.Log)
	defer log.Close()
	log.Show("listening on " + ln.Addr().String())
	var handlers sync.WaitGroup
	defer handlers.Wait()
	places := make(chan struct{}, cmp.Or(s.MaxClients, 16))
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
	switch err := s.messages(ctx, limited, log); {
	case errors.Is(err, io.EOF): // Python: an empty recv
		log.Show("closed its side: EOF")
	case guard.IsReset(err): // Python: ConnectionResetError
		log.Show("broke the connection off: reset")
	default:
		log.Show("dropped: " + err.Error())
	}
}

// messages is the message loop: one turn for each command. It returns the error
// that ended it, which is io.EOF when the client has said good-bye.
func (s *Server) messages(ctx context.Context, conn *guard.Conn, log *journal.Journal) error {
	buf := make([]byte, maxCommand+1) // a byte more than fits, to see that a command did not fit
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return err
		}
		command, err := parse(buf[:n])
		if err != nil {
			return err
		}
		log.Quote("runs", []byte(command))
		answer, err := s.run(ctx, conn, command)
		if err != nil {
			return err
		}
		if _, err := conn.Write(answer); err != nil {
			return err
		}
		log.Show(fmt.Sprintf("answered with %d bytes", len(answer)))
	}
}
