package wire

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAConnectionIsToldWithItsAddresses(t *testing.T) {
	p := connected(t)
	p.until(t, func() bool { return len(p.all()) == 1 })
	e := p.all()[0]
	assert.Equal(t, Connect, e.Kind)
	assert.Equal(t, 1, e.Conn)
	assert.Equal(t, p.client.LocalAddr().String(), e.Local.String())
	assert.Equal(t, p.server.RemoteAddr().String(), e.Remote.String())
}

func TestTheClientMayCloseFirst(t *testing.T) {
	p := connected(t)
	send(t, p.client, "hello")
	receives(t, p.server, "hello")
	require.NoError(t, p.client.Close())
	receivesEOF(t, p.server)
	require.NoError(t, p.server.Close())
	p.expects(t, 1, `client 1 → server, 5 bytes "hello"`, `client 1 → server, FIN`, `server → client 1, FIN`)
}

func TestTheServerMayCloseFirst(t *testing.T) {
	p := connected(t)
	send(t, p.server, "HELLO")
	receives(t, p.client, "HELLO")
	require.NoError(t, p.server.Close())
	receivesEOF(t, p.client)
	require.NoError(t, p.client.Close())
	p.expects(t, 1, `server → client 1, 5 bytes "HELLO"`, `server → client 1, FIN`, `client 1 → server, FIN`)
	p.ends(t)
	p.expects(t, 1, `server → client 1, 5 bytes "HELLO"`, `server → client 1, FIN`, `client 1 → server, FIN`)
}

func TestAHalfCloseKeepsTheOtherHalfOpen(t *testing.T) {
	p := connected(t)
	send(t, p.client, "a")
	require.NoError(t, p.client.CloseWrite())
	receives(t, p.server, "a")
	receivesEOF(t, p.server)
	for _, text := range []string{"b", "c"} {
		send(t, p.server, text)
		receives(t, p.client, text)
	}
	require.NoError(t, p.server.CloseWrite())
	receivesEOF(t, p.client)
	p.expects(t, 1, `client 1 → server, 1 byte "a"`, `client 1 → server, FIN`,
		`server → client 1, 1 byte "b"`, `server → client 1, 1 byte "c"`, `server → client 1, FIN`)
}

// isRefused connects and expects a reset, which can come so soon that connect
// itself reports it; otherwise it returns the client's address.
func isRefused(t *testing.T, r *Relay) (local string) {
	t.Helper()
	client, err := net.Dial("tcp", r.Addr())
	if err != nil {
		assertReset(t, err)
		return ""
	}
	defer client.Close()
	require.NoError(t, client.SetDeadline(time.Now().Add(patience)))
	receivesReset(t, client)
	return client.LocalAddr().String()
}

func TestAClientThatTheServerRefusesIsReset(t *testing.T) {
	r, w := relay(t, silent(t, "127.0.0.1").Addr())
	local := isRefused(t, r)
	w.expects(t, 1, "client 1 is refused")
	if local != "" {
		assert.Equal(t, local, w.all()[0].Local.String())
	}
	assert.True(t, w.all()[0].Local.IsValid())
	assert.Equal(t, Server, w.all()[0].From)
}

func TestWithoutItsListenerTheRelayRefusesAndConnectionsLiveOn(t *testing.T) {
	p := connected(t)
	p.CloseListener()
	_, err := net.Dial("tcp", p.Addr())
	assert.Error(t, err)
	send(t, p.client, "hello")
	receives(t, p.server, "hello")
	p.expects(t, 1, `client 1 → server, 5 bytes "hello"`)
	p.CloseListener() // again does no harm
}

func TestClientsAreNumberedAndDoNotMeet(t *testing.T) {
	p := connected(t)
	ln := listen(t)
	p.Relay, p.witness = relay(t, ln.Addr().String())
	const clients = 30
	var all sync.WaitGroup
	for i := 1; i <= clients; i++ {
		client, server := p.another(t, ln)
		all.Go(func() {
			text := fmt.Sprint("I am ", i)
			client.Write([]byte(text))
			buf := make([]byte, len(text))
			_, err := io.ReadFull(server, buf)
			assert.NoError(t, err)
			assert.Equal(t, text, string(buf))
			client.Close()
			receivesEOF(t, server)
			server.Close()
		})
	}
	all.Wait()
	for i := 1; i <= clients; i++ {
		text := fmt.Sprint("I am ", i)
		p.expects(t, i, fmt.Sprintf("client %d → server, %d bytes %q", i, len(text), text),
			fmt.Sprintf("client %d → server, FIN", i), fmt.Sprintf("server → client %d, FIN", i))
	}
	for i, e := range p.all()[1:] {
		assert.GreaterOrEqual(t, e.At, p.all()[i].At)
	}
}

func TestTheClientAfterTheLastPlaceWaits(t *testing.T) {
	p := connected(t)
	ln := listen(t)
	p.Relay, p.witness = relay(t, ln.Addr().String())
	first, _ := p.another(t, ln)
	for range maxConns - 1 {
		p.another(t, ln)
	}
	late := dial(t, "tcp", p.Addr()) // the backlog takes it
	send(t, late, "late")
	require.NoError(t, ln.(*net.TCPListener).SetDeadline(time.Now().Add(50*time.Millisecond)))
	_, err := ln.Accept()
	require.ErrorIs(t, err, os.ErrDeadlineExceeded, "one too many is served")
	require.NoError(t, ln.(*net.TCPListener).SetDeadline(time.Now().Add(patience)))
	require.NoError(t, first.SetLinger(0))
	require.NoError(t, first.Close())
	server, err := ln.Accept()
	require.NoError(t, err)
	defer server.Close()
	receives(t, server, "late")
}

// A failing listener fails once and then is closed.
type failing struct{ calls int }

func (f *failing) Accept() (net.Conn, error) {
	if f.calls++; f.calls == 1 {
		return nil, errors.New("no more descriptors")
	}
	return nil, net.ErrClosed
}
func (*failing) Close() error   { return nil }
func (*failing) Addr() net.Addr { return nil }

func TestAFailedAcceptIsTriedAgain(t *testing.T) {
	r, _ := relay(t, silent(t, "127.0.0.1").Addr())
	f := &failing{}
	r.accept(f)
	assert.Equal(t, 2, f.calls)
}
