//go:build unix

package udp

import (
	"bufio"
	"bytes"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCtrlCStopsTheServerInGoodOrderAndFreesItsPort(t *testing.T) {
	addr := "127.0.0.1:0"
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		server := startGo(t, "server", "-addr", addr)
		addr = server.listening(t) // there is no TIME_WAIT without a connection
		client, _ := bind(t)
		say(t, client, "hello", at(addr))
		require.Equal(t, "HELLO", heard(t, client))
		require.NoError(t, server.cmd.Process.Signal(signal))
		status, rest := server.exit(t)
		assert.Zero(t, status, signal)
		assert.Len(t, rest, 1, "the line for hello, and nothing about stopping")
	}
}

// TestTheServerServesOnWhenNobodyReadsWhatItShows has its output in a pipe that
// has lost its reader, as in "server | head -1", and in one that nobody reads.
func TestTheServerServesOnWhenNobodyReadsWhatItShows(t *testing.T) {
	for _, reader := range []string{"gone", "idle"} {
		t.Run(reader, func(t *testing.T) {
			t.Parallel()
			cmd := goProgram(t, "server", "-addr", "127.0.0.1:0")
			output, err := cmd.StdoutPipe()
			require.NoError(t, err)
			var errors bytes.Buffer
			cmd.Stderr = &errors
			require.NoError(t, cmd.Start())
			defer cmd.Process.Kill() // an error says that it has ended already
			line, err := bufio.NewReader(output).ReadString('\n')
			require.NoError(t, err)
			if reader == "gone" {
				require.NoError(t, output.Close())
			}
			addr := at(strings.TrimPrefix(strings.TrimSpace(line), "listening on "))
			client, _ := bind(t)
			for range 300 { // more than a pipe holds
				say(t, client, strings.Repeat("a", 1000), addr)
				require.Equal(t, strings.Repeat("A", 1000), heard(t, client))
			}
			stopped := time.Now()
			require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
			assert.Zero(t, exitStatus(t, cmd))
			assert.Less(t, time.Since(stopped), patience/2)
			assert.Empty(t, errors.String())
		})
	}
}

func TestAClientThatDiesBeforeItsAnswerLeavesTheServerServing(t *testing.T) {
	for _, kind := range []string{"plain", "own"} {
		t.Run(kind, func(t *testing.T) {
			server := startSide(t, kind, "server", "127.0.0.1:0")
			addr := at(server.listening(t))
			require.NoError(t, server.cmd.Process.Signal(syscall.SIGSTOP))
			gone, _ := bind(t)
			say(t, gone, "too early", addr)
			require.NoError(t, gone.Close()) // before the server can answer
			require.NoError(t, server.cmd.Process.Signal(syscall.SIGCONT))
			client, _ := bind(t)
			say(t, client, "hello", addr)
			assert.Equal(t, "HELLO", heard(t, client))
			assert.Contains(t, server.line(t), "too early", "it has received, answered, and served on")
			assert.Contains(t, server.line(t), "hello")
		})
	}
}

func TestAStoppedServerHasAnsweredEverythingThatItTook(t *testing.T) {
	const sent = 20
	for range 50 { // the stop comes at one moment or another of the loop
		conn, addr := bind(t)
		file, err := conn.File() // the same socket, which Serve does not close
		require.NoError(t, err)
		stop, ended := serving(t, conn, nil)
		client, _ := bind(t)
		for range sent {
			say(t, client, "hello", addr)
		}
		require.Equal(t, "HELLO", heard(t, client))
		stop()
		require.NoError(t, await(t, ended))
		left := 0 // in the kernel, where it may stay
		for buf := make([]byte, 10); ; left++ {
			if _, _, err := syscall.Recvfrom(int(file.Fd()), buf, syscall.MSG_DONTWAIT); err != nil {
				break
			}
		}
		require.NoError(t, file.Close())
		for range sent - left - 1 {
			require.Equal(t, "HELLO", heard(t, client))
		}
	}
}

func TestTheKernelMarksACutDatagram(t *testing.T) {
	server, addr := bind(t)
	client, _ := bind(t)
	for msg, cut := range map[string]bool{"12345": false, "123456": true} {
		say(t, client, msg, addr)
		_, _, flags, _, err := server.ReadMsgUDPAddrPort(make([]byte, 5), nil)
		require.NoError(t, err)
		assert.Equal(t, cut, flags&syscall.MSG_TRUNC != 0, msg)
	}
}

func TestCtrlCEndsTheClient(t *testing.T) {
	mute, addr := bind(t)
	client := startGo(t, "client", "-addr", addr.String(), "-timeout", "1h")
	client.typeLine(t, "hello")
	require.Equal(t, "hello", heard(t, mute)) // it waits for the answer now
	require.NoError(t, client.cmd.Process.Signal(syscall.SIGINT))
	status, rest := client.exit(t)
	assert.Zero(t, status)
	assert.Empty(t, rest)
}
