package sticky

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
	addr      string // where the client connects
	done      chan struct{}
	toServer  bytes.Buffer
	toClient  bytes.Buffer
	datagrams []string // that the client has sent beside, up to an empty one
}

// tap opens a wire for one connection to the server at addr. What the client
// sends in datagrams is handed on after all of the stream, as it was sent.
func tap(t testing.TB, addr string, datagrams bool) *wire {
	t.Helper()
	ln, beside := listenBeside(t)
	w := &wire{addr: ln.Addr().String(), done: make(chan struct{})}
	t.Cleanup(func() { ln.Close(); beside.Close(); <-w.done })
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
		ways.Go(func() {
			forward(server, client, &w.toServer)
			if datagrams {
				w.datagrams = forwardDatagrams(addr, beside)
			}
		})
		ways.Go(func() { forward(client, server, &w.toClient) })
		ways.Wait()
	}()
	return w
}

// listenBeside opens a port that is free for TCP and for UDP.
func listenBeside(t testing.TB) (net.Listener, net.PacketConn) {
	t.Helper()
	for {
		ln := listen(t)
		beside, err := net.ListenPacket("udp", ln.Addr().String())
		if err == nil {
			require.NoError(t, beside.SetDeadline(time.Now().Add(patience)))
			return ln, beside
		}
	}
}

// forward copies until src ends, keeps a copy, and passes the end on.
func forward(dst, src net.Conn, kept io.Writer) {
	io.Copy(io.MultiWriter(kept, dst), src) // an error here is one end leaving, which the other is told next
	dst.(*net.TCPConn).CloseWrite()
}

// forwardDatagrams hands on what comes beside, up to an empty datagram, and
// returns it.
func forwardDatagrams(addr string, beside net.PacketConn) (datagrams []string) {
	server, err := net.Dial("udp", addr)
	if err != nil {
		return nil // the server waits for ever, and the test does not
	}
	defer server.Close()
	datagram := make([]byte, 64<<10)
	for {
		n, _, err := beside.ReadFrom(datagram)
		if err != nil {
			return datagrams
		}
		server.Write(datagram[:n]) // whoever misses it fails the test
		if n == 0 {
			return datagrams
		}
		datagrams = append(datagrams, string(datagram[:n]))
	}
}

// received waits until both sides have closed.
func (w *wire) received() (toServer, toClient string, datagrams []string) {
	<-w.done
	return w.toServer.String(), w.toClient.String(), w.datagrams
}
