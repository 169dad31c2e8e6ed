package loops

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// option reads an option of a socket.
func option(t *testing.T, conn net.Conn, level, name int) (value int) {
	t.Helper()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	require.NoError(t, err)
	require.NoError(t, raw.Control(func(fd uintptr) {
		value, err = syscall.GetsockoptInt(int(fd), level, name)
	}))
	require.NoError(t, err)
	return value
}

// connected returns both ends of a connection.
func connected(t *testing.T) (client, server net.Conn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	client, err = net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { client.Close() })
	server, err = ln.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { server.Close() })
	return client, server
}

func TestGoAsksASilentPeerWhetherItIsThereAndPythonDoesNot(t *testing.T) {
	client, server := connected(t)
	for name, conn := range map[string]net.Conn{"dialled": client, "accepted": server} {
		assert.Equal(t, 1, option(t, conn, syscall.SOL_SOCKET, syscall.SO_KEEPALIVE), "%s: keepalive is on", name)
		assert.Equal(t, 15, option(t, conn, syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE), "%s: first after so many silent seconds", name)
		assert.Equal(t, 15, option(t, conn, syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL), "%s: then every so many", name)
		assert.Equal(t, 9, option(t, conn, syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT), "%s: and so often in vain", name)
	}
	var system []string // what the system does when nobody says otherwise
	for _, name := range []string{"time", "intvl", "probes"} {
		value, err := os.ReadFile("/proc/sys/net/ipv4/tcp_keepalive_" + name)
		require.NoError(t, err)
		system = append(system, strings.TrimSpace(string(value)))
	}
	assert.Equal(t, "0 "+strings.Join(system, " ")+"\n", runPython(t, `
import socket
s = socket.socket()
print(s.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE), *(s.getsockopt(socket.IPPROTO_TCP, o) for o in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)))
`))
}

// inItsOwnNetwork runs the test once more, alone, in a network namespace of its
// own with nothing but loopback in it, and returns true there. A machine that
// does not allow that skips the test.
func inItsOwnNetwork(t *testing.T) bool {
	t.Helper()
	if os.Getenv("OWN_NETWORK") == t.Name() {
		ip(t, "link", "set", "lo", "up")
		return true
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("needs the command ip (package iproute2), which is not here")
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.count=1")
	cmd.Env = append(os.Environ(), "OWN_NETWORK="+t.Name())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	output, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Skipf("needs a network namespace of its own, which this machine does not allow: %v", err)
	}
	require.NoError(t, err, "%s", output)
	require.Contains(t, string(output), "--- PASS: "+t.Name())
	return false
}

func ip(t *testing.T, args ...string) {
	t.Helper()
	output, err := exec.Command("ip", args...).CombinedOutput()
	require.NoError(t, err, "ip %s: %s", strings.Join(args, " "), output)
}

func TestAPeerThatVanishesWithoutAFINIsSilentForEver(t *testing.T) {
	t.Parallel()
	if !inItsOwnNetwork(t) {
		return
	}
	client, server := connected(t)
	_, err := client.Write([]byte("here I am"))
	require.NoError(t, err)
	_, err = server.Read(make([]byte, 100))
	require.NoError(t, err)
	ip(t, "link", "set", "lo", "down") // the cable is cut, the power is gone: nobody says good-bye

	require.NoError(t, server.SetReadDeadline(time.Now().Add(100*time.Millisecond)))
	_, err = server.Read(make([]byte, 100))
	assert.ErrorIs(t, err, os.ErrDeadlineExceeded, "no EOF and no reset: only the deadline says something")

	require.NoError(t, server.SetReadDeadline(time.Now().Add(time.Minute)))
	require.NoError(t, server.(*net.TCPConn).SetKeepAliveConfig(net.KeepAliveConfig{Enable: true, Idle: time.Second, Interval: time.Second, Count: 1}))
	_, err = server.Read(make([]byte, 100))
	assert.ErrorIs(t, err, syscall.ETIMEDOUT, "keepalive says so, too, when it has asked often enough")
}
