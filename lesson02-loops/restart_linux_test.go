package loops

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lingering leaves a port that nobody listens on any more, and on which a
// connection is in TIME_WAIT: the server has closed first, and its kernel keeps
// the address for a minute in case a late packet comes.
func lingering(t *testing.T) string {
	t.Helper()
	server := serve(t, Server{Greet: true})
	client := connect(t, server.addr)
	receive(t, client, "hello I am server,welcome")
	send(t, client, "bye")
	receiveEOF(t, client)
	require.NoError(t, client.Close())
	require.NoError(t, server.stop())
	requireTimeWait(t, server.addr)
	return server.addr
}

// requireTimeWait requires that the kernel lists a connection of addr in state
// 06. It does from the moment it has the other side's last packet, which on
// loopback is there when Close returns.
func requireTimeWait(t *testing.T, addr string) {
	t.Helper()
	table, err := os.ReadFile("/proc/net/tcp")
	require.NoError(t, err)
	for _, line := range strings.Split(string(table), "\n")[1:] {
		fields := strings.Fields(line)
		if len(fields) > 3 && fields[1] == kernelAddr(t, addr) && fields[3] == "06" {
			return
		}
	}
	require.Fail(t, "no connection in TIME_WAIT", "%s", addr)
}

// kernelAddr writes addr as /proc/net/tcp does: the port in hexadecimal, and
// before it the IPv4 address, backwards on a little-endian machine. 127.0.0.1
// is the only one here.
func kernelAddr(t *testing.T, addr string) string {
	t.Helper()
	ap, err := netip.ParseAddrPort(addr)
	require.NoError(t, err)
	ip := ap.Addr().As4()
	return fmt.Sprintf("%02X%02X%02X%02X:%04X", ip[3], ip[2], ip[1], ip[0], ap.Port())
}

// bindRaw makes the system calls that Python's socket and bind make.
func bindRaw(t *testing.T, addr string, reuse bool) error {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	defer syscall.Close(fd)
	if reuse {
		require.NoError(t, syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1))
	}
	ap, err := netip.ParseAddrPort(addr)
	require.NoError(t, err)
	return syscall.Bind(fd, &syscall.SockaddrInet4{Port: int(ap.Port()), Addr: ap.Addr().As4()})
}

func TestARestartedServerGetsItsPortBackBecauseOfSO_REUSEADDR(t *testing.T) {
	addr := lingering(t)
	assert.ErrorIs(t, bindRaw(t, addr, false), syscall.EADDRINUSE, "without SO_REUSEADDR")
	assert.NoError(t, bindRaw(t, addr, true), "with SO_REUSEADDR")
	requireTimeWait(t, addr) // it was there all the while
}

func TestGoSetsSO_REUSEADDRByItself(t *testing.T) {
	addr := lingering(t)
	ln, err := net.Listen("tcp", addr)
	require.NoError(t, err)
	again := serveOn(t, Server{}, ln)
	roundTrip(t, connect(t, again.addr))
	requireTimeWait(t, addr)
}

func TestAGoListenerHasSO_REUSEADDRSet(t *testing.T) {
	raw, err := listen(t).(*net.TCPListener).SyscallConn()
	require.NoError(t, err)
	require.NoError(t, raw.Control(func(fd uintptr) {
		set, err := syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_REUSEADDR)
		assert.NoError(t, err)
		assert.Equal(t, 1, set)
	}))
}

// D3. Each program is restarted on its own port, after one exchange. It was
// killed while its client was still there: so it has closed first.
func TestAProgramGetsItsPortBackOnlyIfItAsksForIt(t *testing.T) {
	for name, start := range map[string]func(t *testing.T, addr string) *program{
		"Go":                                 func(t *testing.T, addr string) *program { return startGo(t, "server", "-addr", addr) },
		"upper_server.py, which asks":        func(t *testing.T, addr string) *program { return startPython(t, "upper_server.py", addr) },
		"naive_server.py, which asks":        func(t *testing.T, addr string) *program { return startPython(t, "naive_server.py", addr) },
		"echo_server.py, which does not ask": func(t *testing.T, addr string) *program { return startPython(t, "echo_server.py", addr) },
	} {
		t.Run(name, func(t *testing.T) {
			server := start(t, "127.0.0.1:0")
			addr := server.listening(t)
			client := connect(t, addr)
			roundTrip(t, client)
			require.NoError(t, server.cmd.Process.Kill())
			receiveEOF(t, client)
			require.NoError(t, client.Close())
			server.exit(t)
			requireTimeWait(t, addr)

			again := start(t, addr)
			if name != "echo_server.py, which does not ask" {
				assert.Equal(t, addr, again.listening(t))
				requireTimeWait(t, addr)
				return
			}
			status, lines := again.exit(t)
			assert.Equal(t, 1, status)
			assert.Equal(t, "OSError: [Errno 98] Address already in use", lines[len(lines)-1])
		})
	}
}
