//go:build unix

package basictcp

import (
	"bytes"
	"io"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Claim 5: send may take fewer bytes than given, sendall loops; Go's Write is
// sendall.

// more than the buffers of a connection hold.
var flood = bytes.Repeat([]byte("0123456789abcdef"), 1<<20)

func TestSendMayTakeFewerBytesThanGiven(t *testing.T) {
	_, client := connect(t) // the server does not read
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

func TestWriteIsSendallAndTakesEveryByte(t *testing.T) {
	server, client := connect(t)
	type result struct {
		n   int
		err error
	}
	written := make(chan result, 1)
	go func() {
		n, err := client.Write(flood)
		client.Close()
		written <- result{n, err}
	}()
	waitUntilBlockedIn(t, "(*conn).Write")
	assert.Empty(t, written, "the buffers are full, and Write has not returned")

	received, err := io.ReadAll(server)
	require.NoError(t, err)
	assert.Equal(t, result{len(flood), nil}, <-written)
	assert.True(t, bytes.Equal(flood, received), "the server has every byte, in order")
}
