//go:build unix

package udp

import (
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBesideItTwoTCPWritesComeInOneRead(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	client, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	defer client.Close()
	server, err := ln.Accept()
	require.NoError(t, err)
	defer server.Close()
	require.NoError(t, server.SetDeadline(time.Now().Add(patience)))
	for _, msg := range []string{"one", "two"} {
		_, err := client.Write([]byte(msg))
		require.NoError(t, err)
	}
	awaitBytes(t, server.(*net.TCPConn), len("onetwo"))
	buf := make([]byte, 1024)
	n, err := server.Read(buf)
	require.NoError(t, err)
	assert.Equal(t, "onetwo", string(buf[:n]), "the two have stuck together")
}

// awaitBytes returns when the kernel holds n bytes for conn, and leaves them
// there.
func awaitBytes(t testing.TB, conn syscall.Conn, n int) {
	t.Helper()
	raw, err := conn.SyscallConn()
	require.NoError(t, err)
	buf := make([]byte, n+1)
	require.NoError(t, raw.Read(func(fd uintptr) bool { // called again when more has come
		held, _, _ := syscall.Recvfrom(int(fd), buf, syscall.MSG_PEEK)
		return held >= n
	}))
}

func TestTheKernelMarksACutDatagram(t *testing.T) {
	server, addr := bind(t)
	client, _ := bind(t)
	for msg, cut := range map[string]bool{"12345": false, "123456": true} {
		say(t, client, msg, addr)
		buf := make([]byte, 5)
		n, _, flags, _, err := server.ReadMsgUDPAddrPort(buf, nil)
		require.NoError(t, err)
		assert.Equal(t, "12345", string(buf[:n]))
		assert.Equal(t, cut, flags&syscall.MSG_TRUNC != 0, msg)
	}
}
