package basictcp

import (
	"io"
	"net"
	"os"
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

func TestAConnectThatTimesOutIsANetErrorWithTimeout(t *testing.T) {
	_, err := net.DialTimeout("tcp", fullServer(t), 50*time.Millisecond)
	var late net.Error // as for a read, but a connect's is not always os.ErrDeadlineExceeded
	require.ErrorAs(t, err, &late)
	assert.True(t, late.Timeout())
}

func TestTheWaitForAConnectionIsBoundedToo(t *testing.T) {
	addr := fullServer(t)
	err := Call("tcp", addr, 50*time.Millisecond, io.Discard)
	assert.EqualError(t, err, "no connection to "+addr+" within 50ms: i/o timeout")
}

// fullServer returns the address of a listener whose backlog is full: Linux
// does not answer who wants to connect.
func fullServer(t testing.TB) (addr string) {
	t.Helper()
	fd, addr := boundSocket(t)
	require.NoError(t, syscall.Listen(fd, 0)) // room for one that nobody accepts
	dial(t, addr)
	return addr
}

func TestAConnectionThatTheSystemAbortsIsECONNABORTED(t *testing.T) {
	server, client := connect(t)
	ss, err := exec.LookPath("ss")
	if err != nil {
		t.Skip("needs ss (iproute2), which is not here")
	}
	killed, err := exec.Command(ss, "-K", "-t", "src", client.LocalAddr().String(), "dst", client.RemoteAddr().String()).CombinedOutput()
	if _, port, _ := net.SplitHostPort(client.LocalAddr().String()); !strings.Contains(string(killed), ":"+port) {
		t.Skipf("may not close other people's sockets: %v %s", err, killed)
	}
	_, err = client.Read(make([]byte, 10))
	assert.ErrorIs(t, err, syscall.ECONNABORTED, "ConnectionAbortedError")
	_, err = server.Read(make([]byte, 10))
	assert.ErrorIs(t, err, syscall.ECONNRESET, "and the other end is reset")
}

func TestTheBacklogIsTheSystemsLimit(t *testing.T) {
	limit, err := os.ReadFile("/proc/sys/net/core/somaxconn")
	require.NoError(t, err)
	var backlog *unix.TCPInfo
	raw, err := listen(t).SyscallConn()
	require.NoError(t, err)
	require.NoError(t, raw.Control(func(fd uintptr) {
		backlog, err = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
	}))
	require.NoError(t, err)
	assert.Equal(t, strings.TrimSpace(string(limit)), strconv.Itoa(int(backlog.Sacked)), "what a listener's TCP_INFO says there")
}
