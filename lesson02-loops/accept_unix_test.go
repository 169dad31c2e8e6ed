//go:build unix

package loops

import (
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAServerOutOfDescriptorsServesTheRestOnceSomeHaveLeft(t *testing.T) {
	dir, err := buildPrograms()
	require.NoError(t, err)
	server := start(t, exec.Command("sh", "-c", `ulimit -n 16; exec "$0" "$@"`,
		filepath.Join(dir, "server"), "-concurrent", "-addr", "127.0.0.1:0"))
	addr := server.listening(t)
	clients := make([]net.Conn, 30)
	for i := range clients {
		clients[i] = connect(t, addr)
		send(t, clients[i], "hello")
	}
	for line := server.line(t); !strings.HasPrefix(line, "cannot accept a client"); line = server.line(t) {
		assert.NotContains(t, line, "trying again")
	}
	for _, client := range clients { // each that leaves makes room for one that waits
		receive(t, client, "HELLO")
		require.NoError(t, client.Close())
	}
	roundTrip(t, connect(t, addr))
	server.interrupt(t)
	status, _ := server.exit(t)
	assert.Zero(t, status)
}
