//go:build unix

package basictcp

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// getsockopt returns a socket option, as Python's function of that name does.
func getsockopt(t testing.TB, socket syscall.Conn, level, option int) (value int) {
	t.Helper()
	raw, err := socket.SyscallConn()
	require.NoError(t, err)
	var failed error
	require.NoError(t, raw.Control(func(fd uintptr) {
		value, failed = syscall.GetsockoptInt(int(fd), level, option)
	}))
	require.NoError(t, failed)
	return value
}

func TestSetsockoptIsAMethodForTheUsualOptions(t *testing.T) {
	_, client := connect(t)
	nodelay := func() bool { return getsockopt(t, client, syscall.IPPROTO_TCP, syscall.TCP_NODELAY) != 0 }
	assert.True(t, nodelay(), "Go sets it without being asked")
	require.NoError(t, client.SetNoDelay(false))
	assert.False(t, nodelay())
	before := getsockopt(t, client, syscall.SOL_SOCKET, syscall.SO_RCVBUF)
	require.NoError(t, client.SetReadBuffer(before/4))
	assert.Less(t, getsockopt(t, client, syscall.SOL_SOCKET, syscall.SO_RCVBUF), before)
}

func TestSetsockoptReachesEveryOptionThroughSyscallConn(t *testing.T) {
	_, client := connect(t)
	raw, err := client.SyscallConn()
	require.NoError(t, err)
	var failed error
	require.NoError(t, raw.Control(func(fd uintptr) {
		failed = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 0)
	}))
	require.NoError(t, failed)
	assert.Zero(t, getsockopt(t, client, syscall.SOL_SOCKET, syscall.SO_KEEPALIVE))
}

func TestGoSetsReuseaddrAndPythonDoesNot(t *testing.T) {
	assert.NotZero(t, getsockopt(t, listen(t), syscall.SOL_SOCKET, syscall.SO_REUSEADDR))
	assert.Equal(t, "0", askPython(t, `import socket as s
print(s.socket().getsockopt(s.SOL_SOCKET, s.SO_REUSEADDR))`))
}

func TestEverySocketIsNonBlockingUnderneath(t *testing.T) {
	server, client := connect(t)
	raw, err := server.SyscallConn()
	require.NoError(t, err)
	buf := make([]byte, 10)
	var n int
	var failed error
	require.NoError(t, raw.Read(func(fd uintptr) bool {
		_, failed = syscall.Read(int(fd), buf)
		return true // done
	}))
	assert.ErrorIs(t, failed, syscall.EAGAIN, "BlockingIOError, after setblocking(False)")

	write(t, client, "here")
	require.NoError(t, raw.Read(func(fd uintptr) bool {
		n, failed = syscall.Read(int(fd), buf)
		return failed != syscall.EAGAIN // not done: sleep until something has come, as conn.Read does
	}))
	require.NoError(t, failed)
	assert.Equal(t, "here", string(buf[:n]))
}
