// Package transfer holds lesson 6: a server that shares the files of one
// directory, and a client that fetches them whole or not at all.
package transfer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// A Server shares the files below Root, each client in a goroutine of its own.
// Its fields must not change while Serve runs.
type Server struct {
	Root *os.Root // what is shared; required

	IdleTimeout time.Duration // drops a client that asks for nothing for so long; 0 means 5 minutes
	Timeout     time.Duration // drops a client that takes nothing of its answer for so long; 0 means 30 seconds
	MaxClients  int           // serves no more than so many at once; 0 means 1000
	NoMD5       bool          // announces no md5: no file waits for it, and nobody can check what arrives

	Log io.Writer // what the server shows, one Write a line; nil shows nothing

	checksums checksums
}

// Serve accepts clients from ln until ctx ends, and closes ln. Files on their
// way then have a few seconds to arrive: Serve returns nil once the last client
// is gone, at most 15 seconds later. It returns an error only when ln can accept
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
	limited := limit(ctx, conn, 0)
	defer limited.Close()
	client := log.client(conn.RemoteAddr())
	client.show("connected")
	err := s.requests(ctx, limited, client)
	switch {
	case errors.Is(err, io.EOF): // Python: an empty recv
		client.show("closed its side: EOF")
	case errors.Is(err, errConnReset): // Python: ConnectionResetError
		client.show("broke the connection off: reset")
	default:
		client.show("dropped: " + err.Error())
	}
}

// requests is the message loop: one turn for each request. It returns the error
// that ended it, which is io.EOF when the client has said good-bye.
func (s *Server) requests(ctx context.Context, conn *limitedConn, client *clientJournal) error {
	buf := make([]byte, maxRequest+1) // a byte more than fits, to see that a request did not fit
	for {
		conn.timeout = cmp.Or(s.IdleTimeout, 5*time.Minute)
		n, err := conn.Read(buf)
		if err != nil {
			return err
		}
		client.show(fmt.Sprintf("asks %q", buf[:n]))
		conn.timeout = cmp.Or(s.Timeout, 30*time.Second)
		request, err := parseRequest(buf[:n])
		switch {
		case err != nil:
			err = s.refuse(conn, client, err)
		case request.list:
			err = s.sendList(conn, client)
		default:
			err = s.sendFile(ctx, conn, client, request)
		}
		if err != nil {
			return err
		}
	}
}

// sendFile answers with a header and the content, or with the reason why not.
func (s *Server) sendFile(ctx context.Context, conn *limitedConn, client *clientJournal, r request) error {
	file, info, err := open(s.Root, r.name)
	if err != nil {
		return s.refuse(conn, client, err)
	}
	defer file.Close()
	h := header{FileName: r.name, FileSize: info.Size()}
	if h.MD5, err = s.checksum(ctx, r.name, file, info); err != nil {
		return s.refuse(conn, client, err)
	}
	if r.md5 == h.MD5 && r.offset <= h.FileSize { // the same file still: go on where the client is
		h.Offset = r.offset
	}
	if err := writeHeader(conn, h); err != nil {
		return err
	}
	n, err := conn.sendFile(file, h.Offset, h.FileSize-h.Offset)
	if err == io.EOF { // the header has promised more: only closing can tell the client
		return fmt.Errorf("%q has shrunk to %d bytes while it was sent", r.name, h.Offset+n)
	}
	if err == nil {
		client.show(fmt.Sprintf("has %q: %d bytes from %d on", r.name, n, h.Offset))
	}
	return err
}
