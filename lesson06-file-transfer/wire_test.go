package transfer

import (
	"bytes"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A wire stands between a client and a server and keeps what each received.
type wire struct {
	addr     string // where the client connects
	done     chan struct{}
	toServer bytes.Buffer
	toClient bytes.Buffer
}

// tap opens a wire for one connection to the server at addr.
func tap(t testing.TB, addr string) *wire {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &wire{addr: ln.Addr().String(), done: make(chan struct{})}
	t.Cleanup(func() { ln.Close(); <-w.done })
	go func() {
		defer close(w.done)
		client, err := ln.Accept()
		if err != nil {
			return // the test ended before a client came
		}
		defer client.Close()
		server, err := net.Dial("tcp", addr)
		if err != nil {
			return // the client sees its connection closed
		}
		defer server.Close()
		client.SetDeadline(time.Now().Add(patience))
		server.SetDeadline(time.Now().Add(patience))
		var ways sync.WaitGroup
		ways.Go(func() { forward(server, client, &w.toServer) })
		ways.Go(func() { forward(client, server, &w.toClient) })
		ways.Wait()
	}()
	return w
}

// forward copies until src ends, keeps a copy, and passes the end on.
func forward(dst, src net.Conn, kept io.Writer) {
	io.Copy(io.MultiWriter(kept, dst), src) // an error here is one end leaving, which the other is told next
	dst.(*net.TCPConn).CloseWrite()
}

// received returns what each side received, once both have closed.
func (w *wire) received(t testing.TB) (server, client string) {
	t.Helper()
	<-w.done
	return w.toServer.String(), w.toClient.String()
}

// relay stands between a client and the server at addr, for any number of
// connections one after the other. It lets answers pass as pass does it, and
// breaks the connection off when that returns.
func relay(t testing.TB, addr string, pass func(answer net.Conn, server io.Reader)) (at string) {
	t.Helper()
	ln := listen(t)
	var ways sync.WaitGroup
	ways.Go(func() {
		for {
			client, err := ln.Accept()
			if err != nil {
				return // the test is over
			}
			server, err := net.Dial("tcp", addr)
			if err != nil {
				client.Close()
				continue
			}
			client.SetDeadline(time.Now().Add(patience))
			server.SetDeadline(time.Now().Add(patience))
			ways.Go(func() {
				io.Copy(server, bare{client})
				server.(*net.TCPConn).CloseWrite()
			})
			pass(bare{client}, server)
			client.Close()
			server.Close()
		}
	})
	t.Cleanup(func() { ln.Close(); ways.Wait() })
	return ln.Addr().String()
}

// bare hides what a connection can do besides: io.Copy would let the kernel
// splice, through pipes that it keeps open for the next time.
type bare struct{ net.Conn }

// cutAfter lets n bytes of each connection's answers pass.
func cutAfter(n int) func(answer net.Conn, server io.Reader) {
	return func(answer net.Conn, server io.Reader) { io.CopyN(answer, server, int64(n)) }
}
