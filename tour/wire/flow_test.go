package wire

import (
	"bytes"
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

func TestWhatIsToldIsToldBeforeItCrosses(t *testing.T) {
	ln := listen(t)
	told, release := make(chan Event), make(chan struct{})
	r, err := Listen(ln.Addr().String(), nil, func(e Event) {
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
	r, err := Listen(ln.Addr().String(), nil, func(e Event) {
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
				assert.Len(t, e.Data, min(e.Size, shown))
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
