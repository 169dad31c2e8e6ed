package basictcp

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// listen opens a listener on a free port of loopback until the test ends.
func listen(t testing.TB) *net.TCPListener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { ln.Close() })
	require.NoError(t, ln.(*net.TCPListener).SetDeadline(time.Now().Add(patience)))
	return ln.(*net.TCPListener)
}

// dial connects to addr until the test ends.
func dial(t testing.TB, addr string) *net.TCPConn {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr, patience)
	require.NoError(t, err)
	return kept(t, conn)
}

// accept takes the next client until the test ends.
func accept(t testing.TB, ln net.Listener) *net.TCPConn {
	t.Helper()
	conn, err := ln.Accept()
	require.NoError(t, err)
	return kept(t, conn)
}

func kept(t testing.TB, conn net.Conn) *net.TCPConn {
	t.Helper()
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	return conn.(*net.TCPConn)
}

// connect returns both ends of a connection over loopback.
func connect(t testing.TB) (server, client *net.TCPConn) {
	t.Helper()
	ln := listen(t)
	client = dial(t, ln.Addr().String()) // does not wait for Accept: the kernel answers for a listener
	return accept(t, ln), client
}

// write sends text over conn.
func write(t testing.TB, conn net.Conn, text string) {
	t.Helper()
	_, err := conn.Write([]byte(text))
	require.NoError(t, err)
}

// read returns what one Read of size bytes brings.
func read(t testing.TB, conn net.Conn, size int) string {
	t.Helper()
	buf := make([]byte, size)
	n, err := conn.Read(buf)
	require.NoError(t, err)
	return string(buf[:n])
}
