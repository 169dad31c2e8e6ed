package remote

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The server runs in a process of its own, whose children are all its own, zombies too.
func TestAKeeperEndsWithItsCommand(t *testing.T) {
	t.Parallel()
	server := startGo(t, "server", "-addr", "127.0.0.1:0", "-max-clients", "1")
	addr := server.listening(t)
	for range 3 {
		assert.Equal(t, "hi\n", answer(t, addr, "echo hi"))
	}
	assert.Empty(t, childrenOf(t, server.cmd.Process.Pid))
}

// childrenOf returns the lines in /proc of the processes whose parent is pid.
func childrenOf(t *testing.T, pid int) (children []string) {
	t.Helper()
	paths, err := filepath.Glob("/proc/[0-9]*/stat")
	require.NoError(t, err)
	for _, path := range paths {
		stat, _ := os.ReadFile(path)                  // an error is its end
		_, rest, _ := strings.Cut(string(stat), ") ") // after the name: state, parent
		if fields := strings.Fields(rest); len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			children = append(children, string(stat))
		}
	}
	return children
}
