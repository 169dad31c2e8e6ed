//go:build unix

package basictcp

import (
	"io"
	"net"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Claim 1: a server takes six steps and a client four. Here each step is one
// system call, and meets a side that Go's two functions made.

func TestAServerTakesSixStepsAndNetDialMeetsThem(t *testing.T) {
	server := socket(t) // 1
	loopback := &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}
	require.NoError(t, syscall.Bind(server, loopback)) // 2
	require.NoError(t, syscall.Listen(server, 5))      // 3

	client := dial(t, nameOf(t, server))
	write(t, client, "hello")

	conn, _, err := syscall.Accept(server) // 4
	require.NoError(t, err)
	buf := make([]byte, 1024)
	n, err := syscall.Read(conn, buf) // 5: recv
	require.NoError(t, err)
	assert.Equal(t, "hello", string(buf[:n]))
	_, err = syscall.Write(conn, []byte("HELLO")) // 5: send
	require.NoError(t, err)
	require.NoError(t, syscall.Close(conn)) // 6

	reply, err := io.ReadAll(client)
	require.NoError(t, err)
	assert.Equal(t, "HELLO", string(reply))
}

func TestAClientTakesFourStepsAndNetListenMeetsThem(t *testing.T) {
	ln := listen(t)
	addr := &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: ln.Addr().(*net.TCPAddr).Port}

	client := socket(t)                               // 1
	require.NoError(t, syscall.Connect(client, addr)) // 2
	_, err := syscall.Write(client, []byte("hello"))  // 3: send
	require.NoError(t, err)

	var out strings.Builder
	require.NoError(t, Serve(ln, patience, &out))
	assert.Contains(t, out.String(), `received "hello"`)

	buf := make([]byte, 1024)
	n, err := syscall.Read(client, buf) // 3: recv
	require.NoError(t, err)
	assert.Equal(t, "HELLO", string(buf[:n]))
	require.NoError(t, syscall.Shutdown(client, syscall.SHUT_RDWR)) // 4: the test's end closes it
}

func TestNetListenIsSocketBindAndListen(t *testing.T) {
	ln := listen(t)
	assert.Equal(t, syscall.SOCK_STREAM, getsockopt(t, ln, syscall.SOL_SOCKET, syscall.SO_TYPE), "socket")
	assert.Equal(t, ln.Addr().String(), nameOf(t, int(fileno(t, ln))), "bind")
	assert.NotZero(t, getsockopt(t, ln, syscall.SOL_SOCKET, syscall.SO_ACCEPTCONN), "listen")
}

func TestNetDialIsSocketAndConnect(t *testing.T) {
	ln := listen(t)
	client := dial(t, ln.Addr().String())
	assert.Equal(t, syscall.SOCK_STREAM, getsockopt(t, client, syscall.SOL_SOCKET, syscall.SO_TYPE), "socket")
	peer, err := syscall.Getpeername(int(fileno(t, client)))
	require.NoError(t, err)
	assert.Equal(t, ln.Addr().(*net.TCPAddr).Port, peer.(*syscall.SockaddrInet4).Port, "connect")
	assert.Zero(t, getsockopt(t, client, syscall.SOL_SOCKET, syscall.SO_ACCEPTCONN), "it does not listen")
}

// socket returns a TCP socket that is not bound, connected or listening yet.
// It is open until the test ends.
func socket(t testing.TB) int {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	require.NoError(t, err)
	t.Cleanup(func() { syscall.Close(fd) })
	return fd
}

// boundSocket returns a TCP socket with a port of its own that does not listen,
// and its address: who connects to it is refused, and nobody else can take it.
func boundSocket(t testing.TB) (fd int, addr string) {
	t.Helper()
	fd = socket(t)
	require.NoError(t, syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	return fd, nameOf(t, fd)
}

// nameOf is getsockname.
func nameOf(t testing.TB, fd int) string {
	t.Helper()
	name, err := syscall.Getsockname(fd)
	require.NoError(t, err)
	addr := name.(*syscall.SockaddrInet4)
	return (&net.TCPAddr{IP: addr.Addr[:], Port: addr.Port}).String()
}
