package basictcp

import (
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience is a safety net for what should happen at once.
const patience = time.Minute

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

// waitUntilBlockedIn waits until a goroutine sleeps in function, until the
// network wakes it.
func waitUntilBlockedIn(t testing.TB, function string) {
	t.Helper()
	stacks := make([]byte, 1<<20)
	for end := time.Now().Add(patience); time.Now().Before(end); runtime.Gosched() {
		all := string(stacks[:runtime.Stack(stacks, true)])
		for goroutine := range strings.SplitSeq(all, "\n\n") {
			if strings.Contains(goroutine, "[IO wait") && strings.Contains(goroutine, function) {
				return
			}
		}
	}
	require.Fail(t, "nobody waits", "in %s", function)
}

// shortTempDir returns a folder until the test ends: a unix socket's path has
// room for some hundred bytes, and t.TempDir can be longer.
func shortTempDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "l")
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func needsIPv6(t testing.TB) {
	t.Helper()
	ln, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Skipf("needs ::1, which this machine does not have: %v", err)
	}
	ln.Close()
}
