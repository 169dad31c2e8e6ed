package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
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
	ln := listen(t)
	r, w := relay(t, ln.Addr().String())
	ln.Close()
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

func TestWhatIsToldIsToldBeforeItCrosses(t *testing.T) {
	ln := listen(t)
	told, release := make(chan Event), make(chan struct{})
	r, err := Listen(ln.Addr().String(), func(e Event) {
		if e.Kind == Data {
			told <- e
			<-release
		}
	})
	require.NoError(t, err)
	defer r.Close()
	client, server := pair{Relay: r}.another(t, ln)
	send(t, client, "hello")
	<-told
	require.NoError(t, server.SetReadDeadline(time.Now().Add(50*time.Millisecond)))
	_, err = server.Read(make([]byte, 1))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	close(release)
	require.NoError(t, server.SetReadDeadline(time.Now().Add(patience)))
	receives(t, server, "hello")
}

func TestTheWireWaitsForWhoIsTold(t *testing.T) {
	ln := listen(t)
	release := make(chan struct{})
	r, err := Listen(ln.Addr().String(), func(e Event) {
		if e.Kind == Data {
			<-release
		}
	})
	require.NoError(t, err)
	defer r.Close()
	client, server := pair{Relay: r}.another(t, ln)
	text := make([]byte, 64<<20)
	require.NoError(t, client.SetWriteDeadline(time.Now().Add(300*time.Millisecond)))
	sent, err := client.Write(text)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded, "64 MiB have gone somewhere")
	close(release)
	require.NoError(t, client.SetWriteDeadline(time.Now().Add(patience)))
	go func() {
		client.Write(text[sent:]) // what does not arrive is missed below
		client.CloseWrite()
	}()
	n, err := io.Copy(io.Discard, server)
	require.NoError(t, err)
	assert.EqualValues(t, len(text), n)
}

// Pieces of many sizes go both ways at once, and what is told adds up to them.
func TestBytesArriveUnchanged(t *testing.T) {
	for seed := range uint64(4) {
		p := connected(t)
		random := rand.New(rand.NewPCG(seed, 1))
		var texts [2][]byte
		for side := range texts {
			texts[side] = make([]byte, 1<<20+random.IntN(1<<20))
			for i := range texts[side] {
				texts[side][i] = byte(random.Uint32())
			}
		}
		var all sync.WaitGroup
		for side, ends := range [2][2]*net.TCPConn{{p.client, p.server}, {p.server, p.client}} {
			largest := 1 + random.IntN(200_000)
			all.Go(func() {
				for rest := texts[side]; len(rest) > 0; {
					n := min(len(rest), largest)
					_, err := ends[0].Write(rest[:n])
					assert.NoError(t, err)
					rest = rest[n:]
				}
				assert.NoError(t, ends[0].CloseWrite())
			})
			all.Go(func() {
				got, err := io.ReadAll(ends[1])
				assert.NoError(t, err)
				assert.True(t, bytes.Equal(texts[side], got), "other bytes arrived")
			})
		}
		all.Wait()
		var sizes [2]int
		for _, e := range p.all() {
			if e.Kind == Data {
				text := texts[e.From][sizes[e.From]:]
				assert.True(t, bytes.HasPrefix(text, e.Data), "other bytes were told")
				assert.Len(t, e.Data, min(e.Size, Shown))
				sizes[e.From] += e.Size
			}
		}
		assert.Equal(t, [2]int{len(texts[0]), len(texts[1])}, sizes)
	}
}

func TestCloseEndsABusyRelay(t *testing.T) {
	p := connected(t)
	var all sync.WaitGroup
	for _, conn := range []*net.TCPConn{p.client, p.server} {
		all.Go(func() { io.Copy(io.Discard, conn) }) // until the relay ends, here and below
		all.Go(func() {
			for err := error(nil); err == nil; {
				_, err = conn.Write(make([]byte, 10_000))
			}
		})
	}
	p.until(t, func() bool { return len(p.all()) > 100 })
	p.Close()
	told := len(p.all())
	all.Wait()
	assert.Len(t, p.all(), told, "something is told after Close")
	for _, line := range p.of(1) {
		assert.NotRegexp(t, "FIN|RST", line)
	}
	p.Close() // again does no harm
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
	r, _ := relay(t, "127.0.0.1:9")
	f := &failing{}
	r.accept(f)
	assert.Equal(t, 2, f.calls)
}
