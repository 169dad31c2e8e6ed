//go:build unix

package transfer

import (
	"net"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// D18. A blocking send on Linux goes on until all is taken, unless a signal or a
// deadline comes in between: send then says how much it took, and the original
// does not look.
const sendOnce = `
import socket
a, b = socket.socketpair()
a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
a.setblocking(False)
print(a.send(b"x" * 10_000_000) < 10_000_000)
`

func TestSendMayTakeLessThanItIsGivenAndGosWriteGoesOn(t *testing.T) {
	output, err := exec.Command(python3(t), "-c", sendOnce).Output()
	require.NoError(t, err)
	assert.Equal(t, "True\n", string(output))

	conn, peer := net.Pipe() // it holds nothing: each Write waits for Reads
	defer conn.Close()
	defer peer.Close()
	go func() {
		small := make([]byte, 1000)
		for {
			if _, err := peer.Read(small); err != nil {
				return
			}
		}
	}()
	n, err := conn.Write(make([]byte, 10_000_000))
	assert.NoError(t, err)
	assert.Equal(t, 10_000_000, n)
}
