//go:build unix

package course

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAPipeInALessonHoldsNobodyUp(t *testing.T) {
	for _, name := range []string{"README.md", "a.go", "a.py", "server/a.s", "server/a.h"} {
		c, err := Open(written(t, map[string]string{"lesson01-echo/server.go": "package echo"}))
		require.NoError(t, err)
		lesson := c.Lessons[0]
		require.NoError(t, os.MkdirAll(filepath.Join(lesson.Dir, "server"), 0o700))
		require.NoError(t, syscall.Mkfifo(filepath.Join(lesson.Dir, name), 0o600))
		_, page := c.Page(lesson.README())
		_, sources := lesson.Sources()
		_, version := lesson.Version()
		switch name {
		case "README.md":
			assert.ErrorIs(t, page, errNoFile)
		case "a.go", "a.py":
			assert.ErrorIs(t, sources, errNoFile)
		}
		if name != "README.md" && name != "a.py" {
			assert.ErrorIs(t, version, errNoFile, "the go command would wait for %s", name)
		}
		dir := t.TempDir()
		require.NoError(t, lesson.Copy(dir))
		_, err = os.Lstat(filepath.Join(dir, name))
		assert.ErrorIs(t, err, os.ErrNotExist)
	}
}
