package loops

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// A pipeListener hands over pipes in place of connections. A pipe is inside the
// program, so that a server and its clients can be in a synctest bubble, where
// time passes only when everybody waits. And it holds no bytes: a Write waits
// until all of it has been read.
type pipeListener struct {
	conns     chan net.Conn
	closed    chan struct{}
	closeOnce sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (ln *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-ln.conns:
		return conn, nil
	case <-ln.closed:
		return nil, net.ErrClosed
	}
}

func (ln *pipeListener) Close() error {
	ln.closeOnce.Do(func() { close(ln.closed) })
	return nil
}

func (ln *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// dial returns the client's end of a pipe to who accepts.
func (ln *pipeListener) dial() net.Conn {
	client, server := net.Pipe()
	ln.conns <- server
	return client
}

// A bubble is a Server in a synctest bubble.
type bubble struct {
	*pipeListener
	cancel context.CancelFunc
	served chan error // what Serve returned
	shown  shown
}

// serveInBubble lets server serve pipes. The test has to end it with stop.
func serveInBubble(server Server) *bubble {
	b := &bubble{pipeListener: newPipeListener(), served: make(chan error, 1), shown: make(shown, 10_000)}
	server.Log = b.shown
	var ctx context.Context
	ctx, b.cancel = context.WithCancel(context.Background())
	go func() { b.served <- server.Serve(ctx, b.pipeListener) }()
	<-b.shown // listening
	return b
}

// stop does what Ctrl-C does and waits until the server has stopped.
func (b *bubble) stop(t *testing.T) {
	t.Helper()
	b.cancel()
	assert.NoError(t, <-b.served)
}

// A duplexPipe is one end of a pipe that can be closed by halves, as a TCP
// connection can.
type duplexPipe struct {
	net.Conn // what it reads from
	out      net.Conn
}

func newDuplexPipe() (a, b *duplexPipe) {
	aIn, bOut := net.Pipe()
	bIn, aOut := net.Pipe()
	return &duplexPipe{aIn, aOut}, &duplexPipe{bIn, bOut}
}

func (d *duplexPipe) Write(msg []byte) (int, error) { return d.out.Write(msg) }
func (d *duplexPipe) CloseWrite() error             { return d.out.Close() }

// Setting a deadline meets no complaint when the other end has closed its half:
// TCP has none, either.
func (d *duplexPipe) SetReadDeadline(t time.Time) error {
	d.Conn.SetReadDeadline(t)
	return nil
}

func (d *duplexPipe) SetWriteDeadline(t time.Time) error {
	d.out.SetWriteDeadline(t)
	return nil
}

func (d *duplexPipe) Close() error {
	d.out.Close()
	return d.Conn.Close()
}
