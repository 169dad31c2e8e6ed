package runner

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A process with RUNNER_PARENT starts the program that it names, with a keeper if
// the environment says so, and waits.
func init() {
	if argv := strings.Fields(os.Getenv("RUNNER_PARENT")); len(argv) > 0 {
		cmd := exec.Command(argv[0], argv[1:]...)
		if OwnGroup(cmd); os.Getenv("RUNNER_KEEPS") != "" {
			keepGroup(cmd)
		}
		cmd.Run()
		os.Exit(0)
	}
}

func TestAProgramEndsWhenTheTourIsKilled(t *testing.T) {
	r := fakeRunner(t)
	programs, err := r.Build(t.Context(), r.course.Lessons[0])
	require.NoError(t, err)
	tour, err := os.Executable()
	require.NoError(t, err)
	for name, env := range map[string][]string{
		"alone":                           {"RUNNER_PARENT=" + programs + "/actor hold hang"},
		"kept, though it ignores SIGTERM": {"RUNNER_PARENT=" + programs + "/actor ignore hold hang", "RUNNER_KEEPS=it"},
	} {
		t.Run(name, func(t *testing.T) {
			child := held(t)
			cmd := exec.Command(tour)
			cmd.Env = append(os.Environ(), env...)
			require.NoError(t, cmd.Start())
			conn := within(t, child)
			require.NoError(t, cmd.Process.Kill())
			assert.Error(t, cmd.Wait())
			assertBroken(t, conn)
		})
	}
}
