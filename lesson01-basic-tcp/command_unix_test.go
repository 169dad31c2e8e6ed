//go:build unix

package basictcp

import (
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCtrlCEndsAWaitingServerInGoodOrder(t *testing.T) {
	path := filepath.Join(shortTempDir(t), "socket")
	for _, c := range []struct{ network, addr string }{{"tcp", "127.0.0.1:0"}, {"unix", path}} {
		for _, signal := range []os.Signal{os.Interrupt, os.Interrupt, os.Interrupt, os.Interrupt, syscall.SIGTERM} { // it must never be luck
			server := startGo(t, "server", "-network", c.network, "-addr", c.addr)
			addr := server.listening(t)
			require.NoError(t, server.cmd.Process.Signal(signal))
			status, lines := server.exit(t)
			assert.Zero(t, status)
			assert.Empty(t, lines, "nothing has failed")
			ln, err := net.Listen(c.network, addr)
			require.NoError(t, err, "the address is free again")
			require.NoError(t, ln.Close())
		}
	}
	assert.NoFileExists(t, path)
}

func TestCtrlCEndsAnExchangeWithStatusZero(t *testing.T) {
	server := startGo(t, "server", "-addr", "127.0.0.1:0")
	conn := dial(t, server.listening(t))
	server.line(t) // connected
	ln := listen(t)
	client := startGo(t, "client", "-addr", ln.Addr().String())
	client.line(t) // connected
	client.line(t) // sent
	for _, program := range []*program{server, client} {
		require.NoError(t, program.cmd.Process.Signal(os.Interrupt))
		status, lines := program.exit(t)
		assert.Zero(t, status)
		assert.Empty(t, lines)
	}
	_, err := conn.Read(make([]byte, 10))
	assert.Error(t, err, "the connection is closed")
}

func TestAnAddressThatIsTakenOrForeignIsAnsweredWithAdvice(t *testing.T) {
	folder := shortTempDir(t)
	taken := listen(t).Addr().String()
	_, silent := boundSocket(t)
	for _, c := range []struct {
		program, network, addr, says string
	}{
		{"server", "tcp", taken, taken + ": bind: address already in use; somebody has this address, or had it less than a minute ago: wait, or choose another with -addr; a file in the way of a unix socket has to go"},
		{"server", "unix", folder, "bind: address already in use; somebody has this address, or had it less than a minute ago: wait, or choose another with -addr; a file in the way of a unix socket has to go"},
		{"server", "tcp", "198.51.100.1:0", "this machine does not have that address: choose one of its own, like 127.0.0.1"},
		{"client", "tcp", silent, "connection refused; nobody listens there: start the server first, or give its address with -addr"},
	} {
		stdout, stderr, status := run(t, c.program, "-network", c.network, "-addr", c.addr)
		assert.Equal(t, 1, status)
		assert.Empty(t, stdout)
		assertOneLine(t, stderr, c.program+": ", c.says)
	}
}

func TestAClientThatBreaksOffIsAnErrorInOneLine(t *testing.T) {
	server := startGo(t, "server", "-addr", "127.0.0.1:0")
	conn := dial(t, server.listening(t))
	server.line(t) // connected
	reset(t, conn)
	status, lines := server.exit(t)
	assert.Equal(t, 1, status)
	require.Len(t, lines, 1)
	assertOneLine(t, lines[0], "server: nothing received from ", "connection reset by peer; the other side broke the connection off: look at its last lines")
}
