package sticky

import (
	"net"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// Many posts blame Nagle's algorithm for messages that stick together, and cure
// them with TCP_NODELAY, which turns it off. It waits with a small piece until the
// one before has been acknowledged: it decides when bytes travel, and not what a
// read returns.

// sentByGo connects, sets TCP_NODELAY or does not, and sends three messages. It
// returns the option as it was before.
func sentByGo(t *testing.T, addr string, noDelay bool) (before int) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	tcp := conn.(*net.TCPConn)
	before = control(t, tcp, func(fd int) (int, error) {
		return syscall.GetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY)
	})
	require.NoError(t, tcp.SetNoDelay(noDelay))
	for _, msg := range []string{"one", "two", "three"} {
		_, err := conn.Write([]byte(msg))
		require.NoError(t, err)
	}
	return before
}

const threeSends = `
import socket, sys
client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
print(client.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, sys.argv[2] == "true")
for message in [b"one", b"two", b"three"]:
    client.send(message)
`

func sentByPython(t *testing.T, addr string, noDelay bool) (before int) {
	t.Helper()
	_, port, err := net.SplitHostPort(addr)
	require.NoError(t, err)
	return int(strings.TrimSpace(runPython(t, threeSends, port, strconv.FormatBool(noDelay)))[0] - '0')
}

func control(t *testing.T, conn *net.TCPConn, call func(fd int) (int, error)) (value int) {
	t.Helper()
	raw, err := conn.SyscallConn()
	require.NoError(t, err)
	require.NoError(t, raw.Control(func(fd uintptr) { value, err = call(int(fd)) }))
	require.NoError(t, err)
	return value
}

func TestItIsNotNaglesAlgorithm(t *testing.T) {
	for _, sender := range []struct {
		language string
		byItself int // TCP_NODELAY, when nobody sets it
		send     func(t *testing.T, addr string, noDelay bool) int
	}{{"Go", 1, sentByGo}, {"Python", 0, sentByPython}} {
		for _, noDelay := range []bool{true, false} {
			name := sender.language + map[bool]string{true: " without Nagle", false: " with Nagle"}[noDelay]
			t.Run(name, func(t *testing.T) {
				ln, err := net.Listen("tcp", "127.0.0.1:0")
				require.NoError(t, err)
				defer ln.Close()
				assert.Equal(t, sender.byItself, sender.send(t, ln.Addr().String(), noDelay), "TCP_NODELAY at first")
				conn, err := ln.Accept()
				require.NoError(t, err)
				defer conn.Close()
				require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
				raw, err := conn.(*net.TCPConn).SyscallConn()
				require.NoError(t, err)
				require.NoError(t, raw.Read(func(fd uintptr) bool { // waits until all of it is in the kernel
					waiting, err := unix.IoctlGetInt(int(fd), unix.SIOCINQ)
					return err != nil || waiting == len("onetwothree")
				}))
				buf := make([]byte, 1024)
				n, err := conn.Read(buf)
				require.NoError(t, err)
				assert.Equal(t, "onetwothree", string(buf[:n]), "one read")
			})
		}
	}
}

// runPython runs a few lines of Python and returns what they print.
func runPython(t *testing.T, script string, args ...string) string {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), needsPython(t), append([]string{"-c", script}, args...)...).CombinedOutput()
	require.NoError(t, err, "%s", output)
	return string(output)
}
