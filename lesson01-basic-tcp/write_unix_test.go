//go:build unix

package basictcp

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Claim 5: send may take fewer bytes than given, where Write takes all.

func TestSendMayTakeFewerBytesThanGiven(t *testing.T) {
	_, client := connect(t)      // the server does not read
	flood := make([]byte, 1<<24) // more than the buffers of a connection hold
	raw, err := client.SyscallConn()
	require.NoError(t, err)
	var n int
	var failed error
	require.NoError(t, raw.Write(func(fd uintptr) bool {
		n, failed = syscall.Write(int(fd), flood) // once, on a socket that does not block
		return true
	}))
	require.NoError(t, failed, "it is no error")
	assert.Positive(t, n)
	assert.Less(t, n, len(flood), "the kernel took what it had room for")
}
