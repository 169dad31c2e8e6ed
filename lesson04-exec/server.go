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
)

// A Server runs commands for its clients, each client in a goroutine of its
// own. Its zero value is ready to use, on a listener from Listen: whoever
// reaches the server can do all that its user can. Its fields must not change
// while Serve runs.
type Server struct {
	Dir       string        // where commands start; "" is the server's own directory
	Timeout   time.Duration // stops a command that runs longer; 0 means 10 seconds
	MaxOutput int           // answers with no more than so many bytes of output; 0 means 1 MiB

	IdleTimeout time.Duration // drops a client that is silent, or takes no answer, for so long; 0 means 5 minutes
	MaxClients  int           // serves no more than so many at once; 0 means 16

	Log io.Writer // what the server shows, one Write a line; nil shows nothing
}

// Serve accepts clients from ln until ctx ends, and closes ln. Commands that run
// by then are stopped; Serve returns nil once the last client is gone, at most
// 10 seconds later. It returns an error only when ln can accept no more. What
// goes wrong with one client is shown, and ends that client alone.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	log := newJournal(s.Log)
	var handlers sync.WaitGroup
	defer handlers.Wait()
	places := make(chan struct{}, cmp.Or(s.MaxClients, 16))
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
	limited := limit(ctx, conn, cmp.Or(s.IdleTimeout, 5*time.Minute))
	defer limited.Close()
	client := log.client(conn.RemoteAddr())
	client.show("connected")
	err := s.commands(ctx, limited, client)
	switch {
	case errors.Is(err, io.EOF): // Python: an empty recv
		client.show("closed its side: EOF")
	case errors.Is(err, errConnReset): // Python: ConnectionResetError
		client.show("broke the connection off: reset")
	default:
		client.show("dropped: " + err.Error())
	}
}

// commands is the message loop: one turn for each command. It returns the error
// that ended it, which is io.EOF when the client has said good-bye.
func (s *Server) commands(ctx context.Context, conn *limitedConn, client *clientJournal) error {
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
		client.showMessage("runs", []byte(command))
		answer, err := s.run(ctx, conn, command)
		if err != nil {
			return err
		}
		if _, err := conn.Write(answer); err != nil {
			return err
		}
		client.show(fmt.Sprintf("answered with %d bytes", len(answer)))
	}
}
