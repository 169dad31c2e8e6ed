package loops

import (
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// requireTimeWait requires, where the kernel lists its connections, that one of
// addr is in state 06. It is from the moment that addr's side has the other's last
// packet, which on loopback is there when Close returns.
func requireTimeWait(t *testing.T, addr string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		return
	}
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

// D3. Each program is restarted on its own port, after one exchange. It was
// killed while its client was still there: so it has closed first.
func TestAServerGetsItsPortBackOnlyIfItAsksForIt(t *testing.T) {
	needsUnix(t)
	for name, asks := range map[string]bool{
		"server": true, "upper_server": true, "concurrent_server": true, "greet_server": true, // Go does, by itself
		"upper_server.py": true, "naive_server.py": true,
		"echo_server.py": false, "greet_server.py": false,
	} {
		t.Run(name, func(t *testing.T) {
			server := startAt(t, name, "127.0.0.1:0")
			addr := server.listening(t)
			client := connect(t, addr)
			if strings.HasPrefix(name, "greet") {
				receive(t, client, "hello I am server,welcome")
			} else {
				roundTrip(t, client)
			}
			require.NoError(t, server.cmd.Process.Kill())
			receiveEOF(t, client)
			require.NoError(t, client.Close())
			server.exit(t)
			requireTimeWait(t, addr)

			again := startAt(t, name, addr)
			if asks {
				assert.Equal(t, addr, again.listening(t))
				requireTimeWait(t, addr)
				return
			}
			status, lines := again.exit(t)
			assert.Equal(t, 1, status)
			assert.Regexp(t, `^OSError: .*Address already in use$`, lines[len(lines)-1])
		})
	}
}
