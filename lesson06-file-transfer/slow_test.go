package transfer

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A bubble is a server whose clients come through pipes, which hold nothing, and
// whose time passes only when all wait.
type bubble struct {
	cancel func()
	conns  chan net.Conn
	shown  shown
	served chan error
}

func serveInBubble(t *testing.T, server *Server, dir string) *bubble {
	b := &bubble{conns: make(chan net.Conn), shown: make(shown, 1000), served: make(chan error, 1)}
	server.Root, server.Log = openRoot(t, dir), b.shown
	ctx, cancel := context.WithCancel(context.Background())
	b.cancel = cancel
	ln := &pipeListener{conns: b.conns, closed: make(chan struct{})}
	go func() { b.served <- server.Serve(ctx, ln) }()
	return b
}

func (b *bubble) dial() net.Conn {
	client, server := net.Pipe()
	b.conns <- server
	return client
}

// stop does what Ctrl-C does, and returns what the server shows last.
func (b *bubble) stop(t *testing.T) (last string) {
	t.Helper()
	b.cancel()
	assert.NoError(t, <-b.served)
	close(b.shown)
	for line := range b.shown {
		last = strings.TrimSuffix(line, "\n")
	}
	return last
}

type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	select {
	case <-l.closed:
	default:
		close(l.closed)
	}
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipes"} }

func TestAClientThatTakesNoAnswerIsDroppedAfter30Seconds(t *testing.T) {
	for _, request := range []string{"get hello.txt", "list", "nonsense"} {
		synctest.Test(t, func(t *testing.T) {
			server := serveInBubble(t, new(Server), shared(t))
			client := server.dial()
			defer client.Close()
			send(t, client, request)
			began := time.Now()
			server.shown.until(t, "dropped: pipe took nothing for 30s: i/o timeout")
			assert.Equal(t, 30*time.Second, time.Since(began))
			server.stop(t)
		})
	}
}

func TestAClientThatStopsInTheMiddleOfAFileIsDroppedAfterTheTimeout(t *testing.T) {
	nothingLeft(t)
	server := serve(t, &Server{Timeout: 50 * time.Millisecond, NoMD5: true}, shareBig(t, 64<<20))
	stopped := connect(t, server.addr)
	send(t, stopped, "get big")
	assert.Equal(t, here(stopped)+" dropped: "+here(stopped)+" took nothing for 50ms: i/o timeout", server.shown.until(t, "dropped"))
}

// shareBig returns a directory with a file called big in it, of nothing but
// zeros. 64 MiB are more than the two kernels hold.
func shareBig(t testing.TB, size int64) (dir string) {
	t.Helper()
	dir = t.TempDir()
	write(t, dir, "big", "")
	require.NoError(t, os.Truncate(filepath.Join(dir, "big"), size))
	return dir
}

func TestASlowClientThatTakesSomethingInTimeStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(t, new(Server), shared(t))
		client := server.dial()
		go io.WriteString(client, "get hello.txt")
		h, err := readHeader(client)
		require.NoError(t, err)
		began := time.Now()
		got := make([]byte, h.FileSize)
		for i := range got {
			<-time.After(29 * time.Second) // of the bubble's time
			_, err := io.ReadFull(client, got[i:i+1])
			require.NoError(t, err)
		}
		assert.Equal(t, hello, string(got))
		assert.Greater(t, time.Since(began), 15*time.Minute)
		synctest.Wait() // a pipe that closes before the server reads again is no EOF
		client.Close()
		assert.Equal(t, "pipe closed its side: EOF", server.stop(t))
	})
}

func TestASlowFileOfManyBuffersIsSentWithoutLossOrRepetition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		content := random(500_000)
		write(t, dir, "big", content)
		server := serveInBubble(t, new(Server), dir)
		client := server.dial()
		go io.WriteString(client, "get big")
		h, err := readHeader(client)
		require.NoError(t, err)
		got := make([]byte, h.FileSize)
		for i := 0; i < len(got); i += 7000 { // the deadline falls in the middle of a buffer again and again
			<-time.After(20 * time.Second)
			_, err := io.ReadFull(client, got[i:min(i+7000, len(got))])
			require.NoError(t, err)
		}
		assert.True(t, content == string(got))
		client.Close()
		server.stop(t)
	})
}

func TestAnIdleClientIsDroppedAndOneThatAsksInTimeStays(t *testing.T) {
	for set, want := range map[time.Duration]time.Duration{0: 5 * time.Minute, time.Second: time.Second} {
		synctest.Test(t, func(t *testing.T) {
			server := serveInBubble(t, &Server{IdleTimeout: set}, shared(t))
			client := server.dial()
			for range 10 {
				<-time.After(want - time.Millisecond)
				go io.WriteString(client, "get hello.txt")
				_, content := answered(t, client)
				assert.Equal(t, hello, content)
			}
			began := time.Now()
			_, err := client.Read(make([]byte, 1))
			assert.ErrorIs(t, err, io.EOF)
			assert.Equal(t, want, time.Since(began))
			assert.Equal(t, "pipe dropped: pipe was silent for "+want.String()+": i/o timeout", server.stop(t))
		})
	}
}

func TestTheClientWaits1MinuteForTheServersNextBytes(t *testing.T) {
	for timeout, want := range map[time.Duration]time.Duration{0: time.Minute, time.Second: time.Second} {
		synctest.Test(t, func(t *testing.T) {
			conn, server := net.Pipe()
			defer server.Close()
			go io.Copy(io.Discard, server)
			client := Client{Root: openRoot(t, t.TempDir()), Timeout: timeout}
			began := time.Now()
			err := client.Talk(conn, strings.NewReader("get a"), io.Discard)
			assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
			assert.Equal(t, want, time.Since(began))
		})
	}
}
