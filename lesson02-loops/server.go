// Package loops holds lesson 2: a server with two loops, one over clients and
// inside it one over the messages of a client, and the clients to go with it.
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
)

// A Server talks to one client after the other, or to many at once. Its zero
// value answers each message in capitals, one client at a time, as the Python
// original does. Its fields must not change while Serve runs.
type Server struct {
	Greet      bool // greet each client, hear one message and close, instead of answering in capitals
	Concurrent bool // serve each client in a goroutine of its own

	IdleTimeout time.Duration // drops a client that is silent, or takes no answer, for so long; 0 means 5 minutes
	MaxClients  int           // serves no more than so many at once when Concurrent; 0 means 1000

	Log io.Writer // what the server shows, one Write a line; nil shows nothing
}

// Serve accepts clients from ln until ctx ends, and closes ln. What clients have
// sent by then is still answered: Serve returns nil once the last of them is
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
func (s *Server) handle(ctx context.Context, conn net.Conn, log *journal) {
	conn = limit(ctx, conn, cmp.Or(s.IdleTimeout, 5*time.Minute))
	defer conn.Close()
	client := log.client(conn.RemoteAddr())
	client.show("connected")
	converse := upper
	if s.Greet {
		converse = greet
	}
	err := converse(conn, client)
	switch {
	case err == nil:
		client.show("done")
	case errors.Is(err, io.EOF): // Python: an empty recv
		client.show("closed its side: EOF")
	case errors.Is(err, errConnReset): // Python: ConnectionResetError
		client.show("broke the connection off: reset")
	default:
		client.show("dropped: " + err.Error())
	}
}

// upper is the message loop: one turn for each read. It returns the error that
// ended it, which is io.EOF when the client has said good-bye.
func upper(conn net.Conn, client *clientJournal) error {
	buf := make([]byte, 1024)
	for {
		n, err := conn.Read(buf) // waits for at least 1 byte: an empty message never arrives
		if err != nil {
			return err
		}
		client.showMessage("received", buf[:n])
		capitalize(buf[:n])
		if _, err := conn.Write(buf[:n]); err != nil {
			return err
		}
	}
}

// greet speaks first, hears one message, and is done.
func greet(conn net.Conn, client *clientJournal) error {
	if _, err := conn.Write([]byte("hello I am server,welcome")); err != nil {
		return err
	}
	buf := make([]byte, 512)
	n, err := conn.Read(buf)
	if err != nil {
		return err
	}
	client.showMessage("received", buf[:n])
	return nil
}

// capitalize turns the 26 small ASCII letters of msg into capitals and leaves
// every other byte alone, as Python's bytes.upper() does. bytes.ToUpper would
// not: it takes its argument for UTF-8 and rewrites what is not, and a read can
// end inside a character.
func capitalize(msg []byte) {
	for i, c := range msg {
		if 'a' <= c && c <= 'z' {
			msg[i] = c - ('a' - 'A')
		}
	}
}
