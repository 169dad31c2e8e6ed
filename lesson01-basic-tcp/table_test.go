package basictcp

import (
	"bufio"
	"io"
	"net"
	"os"
	"reflect"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Claim 12: what the rest of the documents' function table is in Go.

// fileno returns the descriptor of a socket, as Python's fileno does. Windows
// calls it a handle.
func fileno(t testing.TB, socket syscall.Conn) (number uintptr) {
	t.Helper()
	raw, err := socket.SyscallConn()
	require.NoError(t, err)
	require.NoError(t, raw.Control(func(fd uintptr) { number = fd }))
	return number
}

func TestFilenoIsWhatSyscallConnHandsOver(t *testing.T) {
	server, client := connect(t)
	assert.NotEqual(t, fileno(t, server), fileno(t, client))
	assert.Equal(t, fileno(t, client), fileno(t, client))
}

func TestMakefileIsABufioReader(t *testing.T) {
	server, client := connect(t)
	write(t, client, "first\nsecond\n")
	lines := bufio.NewReader(server)
	for _, want := range []string{"first\n", "second\n"} {
		line, err := lines.ReadString('\n')
		require.NoError(t, err)
		assert.Equal(t, want, line)
	}
}

func TestADeadlineThatHasPassedReadsNothingEvenWhenSomethingWaits(t *testing.T) {
	server, client := connect(t)
	write(t, client, "here")
	require.NoError(t, server.SetReadDeadline(time.Now().Add(-time.Second)))
	_, err := server.Read(make([]byte, 10))
	assert.ErrorIs(t, err, os.ErrDeadlineExceeded, "not setblocking(False), which would have read it")
	require.NoError(t, server.SetReadDeadline(time.Time{}), "no deadline, like settimeout(None)")
	assert.Equal(t, "here", read(t, server, 10), "nothing is lost")
}

func TestADeadlineIsAPointInTimeAndSettimeoutADuration(t *testing.T) {
	server, client := connect(t)
	require.NoError(t, server.SetReadDeadline(time.Now().Add(-time.Second)))
	for range 2 { // it does not start anew with each call
		_, err := server.Read(make([]byte, 10))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	}
	write(t, client, "hello")
	require.NoError(t, server.SetReadDeadline(time.Now().Add(patience)))
	assert.Equal(t, "hello", read(t, server, 10), "a new point in time")
	assert.Equal(t, "60.0", askPython(t, `import socket
a, b = socket.socketpair()
a.settimeout(60); b.send(b"hello"); a.recv(10)
print(a.gettimeout())`), "the next recv has all of it again")
}

func TestADeadlineCanBeSetButNotRead(t *testing.T) {
	conn := reflect.TypeFor[net.Conn]()
	var deadlines []string
	for i := range conn.NumMethod() {
		if method := conn.Method(i); method.Type.NumIn() == 1 && method.Type.In(0) == reflect.TypeFor[time.Time]() {
			deadlines = append(deadlines, method.Name)
		}
		assert.NotContains(t, conn.Method(i).Name, "Timeout", "there is no gettimeout")
	}
	assert.Equal(t, []string{"SetDeadline", "SetReadDeadline", "SetWriteDeadline"}, deadlines)
}

func TestShutdownIsCloseWrite(t *testing.T) {
	server, client := connect(t)
	write(t, client, "last words")
	require.NoError(t, client.CloseWrite())
	all, err := io.ReadAll(server)
	require.NoError(t, err)
	assert.Equal(t, "last words", string(all))
	write(t, server, "still heard")
	assert.Equal(t, "still heard", read(t, client, 100), "the other direction is open")
}
