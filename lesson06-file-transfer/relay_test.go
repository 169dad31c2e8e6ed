package transfer

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

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
				io.Copy(server, plain{client})
				server.(*net.TCPConn).CloseWrite()
			})
			pass(plain{client}, server)
			client.Close()
			server.Close()
		}
	})
	t.Cleanup(func() { ln.Close(); ways.Wait() })
	return ln.Addr().String()
}

// plain hides what a connection can do besides: io.Copy would let the kernel
// splice, through pipes that it keeps open for the next time.
type plain struct{ net.Conn }

// cutAfter lets n bytes of each connection's answers pass.
func cutAfter(n int64) func(answer net.Conn, server io.Reader) {
	return func(answer net.Conn, server io.Reader) { io.CopyN(answer, server, n) }
}

// A counter counts what passes.
type counter struct {
	mu    sync.Mutex
	bytes int64
}

func (c *counter) pass(answer net.Conn, server io.Reader) {
	n, _ := io.Copy(answer, server) // an error is one end leaving
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bytes += n
}

func (c *counter) count() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}
