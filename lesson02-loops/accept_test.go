package loops

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/lesson02-loops/internal/guard"
)

// A failingListener's Accept fails with err as long as there are failures.
type failingListener struct {
	net.Listener
	failures int
	err      error
}

func (ln *failingListener) Accept() (net.Conn, error) {
	if ln.failures--; ln.failures < 0 {
		return ln.Listener.Accept()
	}
	return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", ln.err)}
}

func TestAnAcceptErrorThatPassesIsShownAndTriedAgainAfterAPauseThatGrowsToASecond(t *testing.T) {
	needsUnix(t) // the errors have other numbers elsewhere
	for _, passing := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM} {
		synctest.Test(t, func(t *testing.T) {
			client, server := net.Pipe()
			defer client.Close()
			defer server.Close()
			pipes := newPipeListener()
			go func() { pipes.conns <- server }()
			var shown []string
			began := time.Now()
			conn, err := guard.Accept(t.Context(), &failingListener{pipes, 10, passing}, func(event string) { shown = append(shown, event) })
			assert.NoError(t, err)
			assert.Equal(t, server, conn)
			assert.Equal(t, 3275*time.Millisecond, time.Since(began))
			require.Len(t, shown, 10)
			for i, pause := range []string{"5ms", "10ms", "20ms", "40ms", "80ms", "160ms", "320ms", "640ms", "1s", "1s"} {
				assert.Equal(t, "cannot accept a client, trying again in "+pause+": accept tcp: accept4: "+passing.Error(), shown[i])
			}
		})
	}
}

func TestAPauseBeforeTheNextAcceptEndsWithTheContext(t *testing.T) {
	needsUnix(t)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		ln := &failingListener{nil, 1, syscall.EMFILE}
		began := time.Now()
		_, err := guard.Accept(ctx, ln, func(string) { cancel() })
		assert.ErrorIs(t, err, context.Canceled)
		assert.Zero(t, time.Since(began))
	})
}

func TestAnAcceptErrorThatStaysIsReturnedAtOnce(t *testing.T) {
	broken := errors.New("the network is gone")
	_, err := guard.Accept(t.Context(), &failingListener{nil, 1, broken}, func(event string) { assert.Fail(t, event) })
	assert.ErrorIs(t, err, broken)
}

func TestAServerOutOfDescriptorsServesTheRestOnceSomeHaveLeft(t *testing.T) {
	needsUnix(t)
	dir, err := buildPrograms()
	require.NoError(t, err)
	server := start(t, exec.Command("sh", "-c", `ulimit -n 16; exec "$0" "$@"`,
		filepath.Join(dir, "server"), "-concurrent", "-addr", "127.0.0.1:0"))
	addr := server.listening(t)
	clients := make([]net.Conn, 30)
	for i := range clients {
		clients[i] = connect(t, addr)
		send(t, clients[i], "hello")
	}
	for line := server.line(t); !strings.HasPrefix(line, "cannot accept a client, trying again in "); line = server.line(t) {
		require.Contains(t, line, " ") // connected, or received
	}
	for _, client := range clients { // each that leaves makes room for one that waits
		receive(t, client, "HELLO")
		require.NoError(t, client.Close())
	}
	server.interrupt(t)
	status, _ := server.exit(t)
	assert.Zero(t, status)
}
