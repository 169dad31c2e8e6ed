//go:build unix

package udp

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCtrlCStopsTheServerInGoodOrder(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			server := startGo(t, "server", "-addr", "127.0.0.1:0")
			addr := resolve(t, server.listening(t))
			client, _ := bind(t)
			say(t, client, "hello", addr)
			require.Equal(t, "HELLO", heard(t, client))
			require.NoError(t, server.cmd.Process.Signal(signal))
			status, rest := server.exit(t)
			assert.Zero(t, status)
			assert.Len(t, rest, 1, "the line for hello, and nothing about stopping")
		})
	}
}

func TestCtrlCEndsTheClient(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			mute, addr := bind(t)
			client := startGo(t, "client", "-addr", addr.String(), "-timeout", "1h")
			client.typeLine(t, "hello")
			require.Equal(t, "hello", heard(t, mute)) // it waits for the answer now
			require.NoError(t, client.cmd.Process.Signal(signal))
			status, rest := client.exit(t)
			assert.Zero(t, status)
			assert.Empty(t, rest)
		})
	}
}

func TestARestartedServerGetsItsPortBackAtOnce(t *testing.T) {
	for _, language := range []string{"Go", "Python"} {
		t.Run(language+" server", func(t *testing.T) {
			server := startSide(t, language, "server", "127.0.0.1:0")
			addr := server.listening(t)
			client, _ := bind(t)
			say(t, client, "hello", resolve(t, addr))
			require.Equal(t, "HELLO", heard(t, client))
			require.NoError(t, server.cmd.Process.Signal(syscall.SIGINT))
			server.exit(t)
			again := startSide(t, language, "server", addr) // there is no TIME_WAIT without a connection
			assert.Equal(t, addr, again.listening(t))
		})
	}
}
