//go:build unix

package remote

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// waiting names the variable that has the command for tests that wait, in a process
// of their own, to be interrupted.
const waiting = "LESSON_WAITING"

func TestTestsThatAreInterruptedLeaveNoProcessAndNoFolder(t *testing.T) {
	if command := os.Getenv(waiting); command != "" {
		t.TempDir()
		send(t, connect(t, serve(t, Server{}).addr), command)
		<-t.Context().Done()
	}
	t.Parallel()
	line, dir := newLifeline(t), t.TempDir()
	tests := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	tests.Env = append(os.Environ(), "TMPDIR="+dir, waiting+"="+line.holding("sleep 1000"))
	program := start(t, tests)
	line.started(t)
	program.interrupt(t)
	status, _ := program.exit(t)
	assert.Equal(t, 1, status)
	line.ended(t)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left)
}
