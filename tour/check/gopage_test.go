package check

import (
	"go/format"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/internal/ci"
)

// A shell does the few commands that a page for beginners shows.
type shell struct {
	dir    string
	output strings.Builder // of all commands
}

func (s *shell) do(t *testing.T, command string) {
	t.Helper()
	words := strings.Fields(command)
	switch {
	case words[0] == "mkdir":
		require.NoError(t, os.Mkdir(filepath.Join(s.dir, words[1]), 0o700))
	case words[0] == "cd":
		s.dir = filepath.Join(s.dir, words[1])
	case words[0] == "cp":
		text, err := os.ReadFile(filepath.Join(s.dir, words[1]))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(s.dir, words[2]), text, 0o600))
	case words[0] == "go":
		cmd := exec.CommandContext(t.Context(), "go", words[1:]...)
		cmd.Dir = s.dir
		cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
		output, err := cmd.CombinedOutput()
		var failed *exec.ExitError
		if err != nil {
			require.ErrorAs(t, err, &failed) // which the page shows, too
		}
		s.output.Write(output)
	default:
		require.Fail(t, "no such command", command)
	}
}

func TestThePageOnGoShowsWhatTheCompilerSays(t *testing.T) {
	ci.Only(t, "compiles a dozen programs")
	if runtime.GOOS == "windows" {
		t.Skip("Windows has other words for a refused connection, and backslashes in paths")
	}
	c, err := course.Open(".")
	require.NoError(t, err)
	page, err := c.Page(path.Join(c.Lessons[0].Name, "GO.md"))
	require.NoError(t, err)
	sh := &shell{dir: t.TempDir()}
	ran := 0
	for _, b := range page.Blocks {
		if b.Kind == "go" {
			require.Len(t, b.Args, 1, "%s:%d: the program's file", page.File, b.Line)
			text := []byte(strings.Join(b.Lines, "\n") + "\n")
			formatted, err := format.Source(text)
			require.NoError(t, err, "%s:%d", page.File, b.Line)
			assert.Equal(t, string(formatted), string(text), "%s:%d: as gofmt has it", page.File, b.Line)
			require.NoError(t, os.WriteFile(filepath.Join(sh.dir, b.Args[0]), text, 0o600))
			continue
		}
		require.Equal(t, "console", b.Kind, "%s:%d: the kind of block", page.File, b.Line)
		sh.output.Reset()
		for _, line := range b.Lines {
			command, typed := strings.CutPrefix(line, "$ ")
			if typed {
				sh.output.WriteString(line + "\n")
				sh.do(t, command)
				ran++
			}
		}
		assert.Equal(t, strings.Join(b.Lines, "\n")+"\n", sh.output.String(), "%s:%d", page.File, b.Line)
	}
	assert.Greater(t, ran, 10, "commands on the page")
}
