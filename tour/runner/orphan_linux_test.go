package runner

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A process with RUNNER_PARENT starts the program that it names, and waits.
func init() {
	if program := os.Getenv("RUNNER_PARENT"); program != "" {
		cmd := exec.Command(program, "hold", "hang")
		OwnGroup(cmd)
		cmd.Run()
		os.Exit(0)
	}
}

func TestAProgramEndsWhenTheTourIsKilled(t *testing.T) {
	child := held(t)
	r := fakeRunner(t)
	programs, err := r.Build(t.Context(), r.course.Lessons[0])
	require.NoError(t, err)
	tour, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(tour)
	cmd.Env = append(os.Environ(), "RUNNER_PARENT="+programs+"/actor")
	require.NoError(t, cmd.Start())
	conn := within(t, child)
	require.NoError(t, cmd.Process.Kill())
	assert.Error(t, cmd.Wait())
	assertBroken(t, conn)
}
