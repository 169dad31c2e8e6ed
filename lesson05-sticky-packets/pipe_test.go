package sticky

import (
	"context"
	"net"
	"sync"
	"testing"

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

func (ln *pipeListener) Addr() net.Addr { return nil }

// dial returns the client's end of a pipe to who accepts.
func (ln *pipeListener) dial() net.Conn {
	client, server := net.Pipe()
	ln.conns <- server
	return client
}

// A bubble is a Server in a synctest bubble. It counts, in lines.
type bubble struct {
	*pipeListener
	cancel context.CancelFunc
	served chan error // what Serve returned
	shown  shown
}

// serveInBubble lets server serve pipes. The test has to end it with stop.
func serveInBubble(server Server) *bubble {
	b := &bubble{pipeListener: newPipeListener(), served: make(chan error, 1), shown: make(shown, 10_000)}
	server.Count, server.Framing, server.Log = true, "line", b.shown
	var ctx context.Context
	ctx, b.cancel = context.WithCancel(context.Background())
	go func() { b.served <- server.Serve(ctx, b.pipeListener) }()
	return b
}

// stop does what Ctrl-C does and waits until the server has stopped.
func (b *bubble) stop(t *testing.T) {
	t.Helper()
	b.cancel()
	assert.NoError(t, <-b.served)
}

// roundTrip asks a counting server for 3.
func roundTrip(t testing.TB, conn net.Conn) {
	t.Helper()
	ask(t, framed(t, "line", conn), "3", "1 2 3")
}
