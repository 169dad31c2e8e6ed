package basictcp

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Claim 8: the same exchange runs over every family of addresses.

func TestTheSameExchangeRunsOverEveryFamilyOfAddresses(t *testing.T) {
	path := filepath.Join(shortTempDir(t), "socket")
	for name, c := range map[string]struct{ network, addr, local string }{
		"IPv4":               {"tcp4", "127.0.0.1:0", "127.0.0.1:"},
		"IPv6":               {"tcp6", "[::1]:0", "[::1]:"},
		"either, here IPv4":  {"tcp", "127.0.0.1:0", "127.0.0.1:"},
		"either, here IPv6":  {"tcp", "[::1]:0", "[::1]:"},
		"a file system path": {"unix", path, path},
	} {
		t.Run(name, func(t *testing.T) {
			if strings.Contains(c.addr, "::1") {
				needsIPv6(t)
			}
			server := startGo(t, "server", "-network", c.network, "-addr", c.addr)
			addr := server.listening(t)
			client := startGo(t, "client", "-network", c.network, "-addr", addr)
			status, lines := client.exit(t)
			assert.Zero(t, status)
			require.Len(t, lines, 3)
			assert.Contains(t, lines[0], "remote "+c.local)
			assert.Equal(t, `received "HELLO"`, lines[2])
			status, _ = server.exit(t)
			assert.Zero(t, status)
		})
	}
	assert.NoFileExists(t, path, "the server takes its socket file away")
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

func TestTCP4AndTCP6TakeOnlyTheirOwnAddresses(t *testing.T) {
	for network, addr := range map[string]string{"tcp4": "[::1]:0", "tcp6": "127.0.0.1:0"} {
		_, err := net.Listen(network, addr)
		var wrong *net.AddrError
		assert.ErrorAs(t, err, &wrong, network)
		_, err = net.Dial(network, addr)
		assert.ErrorAs(t, err, &wrong, network)
	}
}

func TestTCPTakesWhateverFamilyAHostNameHas(t *testing.T) {
	ln, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer ln.Close()
	conn, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	assert.True(t, conn.RemoteAddr().(*net.TCPAddr).IP.IsLoopback(), "127.0.0.1 or ::1")
}

func TestARawSocketOpensOrNeedsPermission(t *testing.T) {
	conn, err := net.ListenPacket("ip4:icmp", "127.0.0.1") // SOCK_RAW: IP packets, here those of ping
	if err != nil {
		assert.ErrorIs(t, err, os.ErrPermission)
		return
	}
	defer conn.Close()
	assert.IsType(t, &net.IPConn{}, conn)
}

func TestPackageNetHasNoOtherFamilies(t *testing.T) {
	for _, network := range []string{"netlink", "bluetooth", "packet"} {
		_, err := net.Dial(network, "x")
		var unknown net.UnknownNetworkError
		assert.True(t, errors.As(err, &unknown), network)
	}
}
