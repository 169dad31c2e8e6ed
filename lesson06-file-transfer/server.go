// Package transfer holds lesson 6: a server that shares the files of one
// directory, and a client that fetches them whole or not at all.
package transfer

import (
	"cmp"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"example.com/gosockets/lesson06-file-transfer/internal/guard"
	"example.com/gosockets/lesson06-file-transfer/internal/journal"
)

// A Server shares the files below Root, each client in a goroutine of its own.
// Its fields must not change while it serves.
type Server struct {
	Root *os.Root // what is shared; required

	IdleTimeout time.Duration // drops a client that asks for nothing for so long; 0 means 5 minutes
	Timeout     time.Duration // drops a client that takes nothing of its answer for so long; 0 means 30 seconds
	MaxClients  int           // serves no more than so many at once; 0 means 1000
	NoMD5       bool          // announces no md5: no file waits for it, and nobody can check what arrives

	Log io.Writer // what the server shows, in whole lines; nil shows nothing

	checksums checksums
}

// ListenAndServe listens on addr and serves until ctx ends.
func (s *Server) ListenAndServe(ctx context.Context, addr string) error {
	ln, err := net.Listen("tcp", addr) // socket, SO_REUSEADDR, bind, listen
	if err != nil {
		return err
	}
	return s.Serve(ctx, ln)
}

// Serve accepts clients from ln until ctx ends, and closes ln. Files on their
// way then have a few seconds to arrive: Serve returns nil once the last client
// is gone, at most 15 seconds later. It returns an error only when ln can accept
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
	switch err := s.messages(ctx, limited, log); {
	case errors.Is(err, io.EOF): // Python: an empty recv
		log.Show("closed its side: EOF")
	case guard.IsReset(err): // Python: ConnectionResetError
		log.Show("broke the connection off: reset")
	default:
		log.Show("dropped: " + err.Error())
	}
}

// messages is the message loop: one turn for each request. It returns the error
// that ended it, which is io.EOF when the client has said good-bye.
func (s *Server) messages(ctx context.Context, conn *guard.Conn, log *journal.Journal) error {
	buf := make([]byte, maxRequest+1) // a byte more than fits, to see that a request did not fit
	for {
		conn.Timeout = cmp.Or(s.IdleTimeout, 5*time.Minute)
		n, err := conn.Read(buf)
		if err != nil {
			return err
		}
		log.Quote("asks", buf[:n])
		conn.Timeout = cmp.Or(s.Timeout, 30*time.Second)
		if err := s.answer(ctx, conn, log, buf[:n]); err != nil {
			return err
		}
	}
}

// answer does what msg asks for. What is wrong with that is an answer, too: an
// error is returned only when the connection is of no more use.
func (s *Server) answer(ctx context.Context, conn *guard.Conn, log *journal.Journal, msg []byte) error {
	r, err := parseRequest(msg)
	switch {
	case err != nil:
		return refuse(conn, log, err)
	case r.list:
		return s.sendList(ctx, conn, log)
	default:
		return s.sendFile(ctx, conn, log, r)
	}
}

// refuse answers with the reason for which there is no file. It travels as a
// small file of its own, so that a client that knows nothing of errors stays in
// step: it saves error.txt and asks on.
func refuse(conn *guard.Conn, log *journal.Journal, err error) error {
	text := reason(err)
	log.Show("refused: " + text)
	h := header{FileName: "error.txt", Error: text}
	if soFar := hashing(0); errors.As(err, &soFar) {
		h.Hashed = int(soFar)
	}
	return sendText(conn, h, []byte(text+"\n"))
}

// sendText answers with content that is in memory.
func sendText(conn *guard.Conn, h header, content []byte) error {
	sum := md5.Sum(content)
	h.MD5, h.FileSize = hex.EncodeToString(sum[:]), int64(len(content))
	if err := writeHeader(conn, h); err != nil {
		return err
	}
	_, err := conn.Write(content)
	return err
}
