package basictcp

import (
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// D3: no SO_REUSEADDR. The test is Linux's because it looks into /proc/net/tcp.

func TestAServerThatRestartsAtOnceGetsItsPortBackInGoAndNotInPython(t *testing.T) {
	const pythonInUse, goInUse = "OSError: [Errno 98] Address already in use", "bind: address already in use"
	type restart struct{ kind, problem string }
	for before, after := range map[string][]restart{
		"Python": {{"Python", pythonInUse}, {"own", goInUse}}, // the option counts on both sockets, the old and the new
		"plain":  {{"plain", ""}},
		"own":    {{"Python", pythonInUse}, {"own", ""}},
	} {
		addr := serveOnce(t, before)
		for _, server := range after {
			again := startSide(t, server.kind, "upper_server", addr)
			if server.problem == "" {
				assert.Equal(t, addr, again.listening(t), "%s, then %s", before, server.kind)
				continue
			}
			status, lines := again.exit(t)
			assert.Equal(t, 1, status)
			assert.Contains(t, lines[len(lines)-1], server.problem, "%s, then %s", before, server.kind)
		}
	}
}

// serveOnce runs a server for one exchange in which the server closes first,
// and returns its address, which lingers in TIME_WAIT.
func serveOnce(t testing.TB, kind string) (addr string) {
	t.Helper()
	server := startSide(t, kind, "upper_server", "127.0.0.1:0")
	addr = server.listening(t)
	conn := dial(t, addr)
	write(t, conn, "hello")
	_, err := io.ReadAll(conn) // to the end: the server has closed
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	status, _ := server.exit(t)
	require.Zero(t, status)
	waitForState(t, timeWait, 1, addr)
	return addr
}

// States of a connection in /proc/net/tcp. In TIME_WAIT the kernel keeps it for a
// minute, for segments that come late.
const (
	synSent  = "02"
	timeWait = "06"
)

// waitForState waits until there is a connection in that state whose local end
// (column 1) or remote end (column 2) is addr, on 127.0.0.1.
func waitForState(t testing.TB, state string, column int, addr string) {
	t.Helper()
	_, port, err := net.SplitHostPort(addr)
	require.NoError(t, err)
	number, err := strconv.Atoi(port)
	require.NoError(t, err)
	for end := time.Now().Add(patience); time.Now().Before(end); runtime.Gosched() {
		table, err := os.ReadFile("/proc/net/tcp")
		require.NoError(t, err)
		for line := range strings.Lines(string(table)) {
			fields := strings.Fields(line) // number, local, remote, state, …
			if strings.HasSuffix(fields[column], fmt.Sprintf(":%04X", number)) && fields[3] == state {
				return
			}
		}
	}
	require.Fail(t, "no connection in the state", "%s of %s", state, addr)
}
