package remote

import (
	"os"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The garbage collector closes files that have been forgotten, in its own time:
// so that it does not hide a leak, it stands still here.
func TestCommandsAndClientsLeaveNoDescriptorOpen(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	server := serve(t, Server{})
	open := func() int {
		descriptors, err := os.ReadDir("/proc/self/fd")
		require.NoError(t, err)
		return len(descriptors)
	}
	visit := func() {
		conn := connect(t, server.addr)
		send(t, conn, "echo hi")
		receive(t, conn, "hi\n")
		require.NoError(t, conn.Close())
		server.shown.until(t, "closed its side: EOF") // shown just before the server closes too
	}
	visit()
	before := open()
	for range 30 {
		visit()
	}
	assert.Less(t, open()-before, 10)
}
