//go:build unix

package basictcp

import (
	"net"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Claim 9: what bind refuses. 198.51.100.1 is reserved for documentation
// (RFC 5737): no machine has it.

func TestAPortInUseIsRefusedAtBind(t *testing.T) {
	ln := listen(t)
	_, err := net.Listen("tcp", ln.Addr().String())
	assert.ErrorIs(t, err, syscall.EADDRINUSE)
	assert.ErrorContains(t, err, "bind: ")
}

func TestAPortMustBeFrom0To65535(t *testing.T) {
	for _, port := range []string{"-1", "65536"} {
		_, err := net.Listen("tcp", "127.0.0.1:"+port)
		var invalid *net.AddrError
		if assert.ErrorAs(t, err, &invalid, port) {
			assert.Equal(t, "invalid port", invalid.Err)
		}
		assert.Contains(t, askPython(t, `import socket
socket.socket().bind(("127.0.0.1", `+port+`))`), "OverflowError", "not an OSError")
	}
}

func TestAnAddressThatIsNotThisHostsIsRefusedAtBind(t *testing.T) {
	_, err := net.Listen("tcp", "198.51.100.1:0")
	assert.ErrorIs(t, err, syscall.EADDRNOTAVAIL)
	assert.ErrorContains(t, err, "bind: ")
}
