//go:build unix

package basictcp

import (
	"net"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestARefusedConnectionIsECONNREFUSED(t *testing.T) {
	_, addr := boundSocket(t)
	_, err := net.Dial("tcp", addr)
	assert.ErrorIs(t, err, syscall.ECONNREFUSED)
	var op *net.OpError // says what was being done, and with whom
	require.ErrorAs(t, err, &op)
	assert.Equal(t, "dial", op.Op)
	assert.Equal(t, addr, op.Addr.String())
}

func TestBindReturnsEADDRINUSEAndEADDRNOTAVAIL(t *testing.T) {
	_, err := net.Listen("tcp", listen(t).Addr().String())
	assert.ErrorIs(t, err, syscall.EADDRINUSE)
	_, err = net.Listen("tcp", "198.51.100.1:0")
	assert.ErrorIs(t, err, syscall.EADDRNOTAVAIL)
}

// In Go every call returns its error. Python has one call that does.
func TestConnectExReturnsTheErrorNumberInGosError(t *testing.T) {
	_, addr := boundSocket(t)
	host, port, err := net.SplitHostPort(addr)
	require.NoError(t, err)
	_, err = net.Dial("tcp", addr)
	var number syscall.Errno
	require.ErrorAs(t, err, &number)
	assert.Equal(t, strconv.Itoa(int(number)), askPython(t, `import socket, sys
print(socket.socket().connect_ex((sys.argv[1], int(sys.argv[2]))))`, host, port))
}

// reset makes the peer of conn see an abrupt close instead of an orderly one.
func reset(t testing.TB, conn *net.TCPConn) {
	t.Helper()
	require.NoError(t, conn.SetLinger(0)) // Close sends RST instead of FIN
	require.NoError(t, conn.Close())
}

func TestAResetConnectionIsECONNRESETThenEPIPEThenENOTCONN(t *testing.T) {
	server, client := connect(t)
	reset(t, server)
	_, err := client.Read(make([]byte, 10))
	assert.ErrorIs(t, err, syscall.ECONNRESET, "ConnectionResetError")
	_, err = client.Write([]byte("x"))
	assert.ErrorIs(t, err, syscall.EPIPE, "BrokenPipeError")
	assert.ErrorIs(t, client.CloseWrite(), syscall.ENOTCONN, "not connected any more")
}

func TestASocketThatWasNeverConnectedIsENOTCONN(t *testing.T) {
	fd := socket(t)
	assert.Equal(t, syscall.ENOTCONN, syscall.Shutdown(fd, syscall.SHUT_WR), "net.Dial never hands such a socket over")
	assert.Contains(t, askPython(t, "import socket; socket.socket().shutdown(socket.SHUT_WR)"),
		"OSError: [Errno "+strconv.Itoa(int(syscall.ENOTCONN))+"]", "Python has no class of its own for it")
}

func TestUnreadBytesTurnACloseIntoAReset(t *testing.T) {
	server, client := connect(t)
	write(t, client, "more than the server reads")
	assert.Equal(t, "more", read(t, server, 4))
	require.NoError(t, server.Close())
	_, err := client.Read(make([]byte, 10))
	assert.ErrorIs(t, err, syscall.ECONNRESET, "the rest was thrown away, and the client is told")
}
