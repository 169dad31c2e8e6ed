package remote

import (
	"net"
	"sync"
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
