package course

import (
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// written returns a folder with these files.
func written(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	return root
}

func TestACourseIsFoundFromAnywhereInside(t *testing.T) {
	root := written(t, map[string]string{
		"lesson02-more/README.md":        "",
		"lesson01-echo/python/server.py": "",
		"lessons/x":                      "",
		"lesson03-file":                  "not a folder",
	})
	for _, dir := range []string{".", "lessons", "lesson01-echo/python"} {
		c, err := Open(filepath.Join(root, dir))
		require.NoError(t, err)
		require.Len(t, c.Lessons, 2)
		assert.Equal(t, root, c.Root)
		assert.Equal(t, Lesson{"lesson01-echo", 1, filepath.Join(root, "lesson01-echo")}, *c.Lessons[0])
		assert.Equal(t, "lesson02-more/README.md", c.Lessons[1].README())
	}
	_, err := Open(t.TempDir())
	assert.ErrorContains(t, err, "no lessons in")
}

func TestALessonAnswersToItsNameAndItsNumber(t *testing.T) {
	c, err := Open(written(t, map[string]string{"lesson01-echo/x": "", "lesson10-last/x": ""}))
	require.NoError(t, err)
	for _, name := range []string{"lesson10-last", "10", "./lesson10-last/"} {
		lessons, err := c.Select([]string{name})
		require.NoError(t, err)
		assert.Equal(t, c.Lessons[1:], lessons)
	}
	for _, name := range []string{"01", "1"} {
		lessons, err := c.Select([]string{name})
		require.NoError(t, err)
		assert.Equal(t, c.Lessons[:1], lessons)
	}
	all, err := c.Select(nil)
	require.NoError(t, err)
	assert.Equal(t, c.Lessons, all)
	_, err = c.Select([]string{"1", "9"})
	assert.EqualError(t, err, `there is no lesson "9"`)
}

func TestADriftSaysWhereAsCompilersDo(t *testing.T) {
	assert.EqualError(t, &Drift{"a/b.md", 7, "so"}, "a/b.md:7: so")
	assert.EqualError(t, &Drift{"a/b.md", 0, "so"}, "a/b.md: so")
}

func TestACopyHoldsTheLessonAndNotWhatALearnerHasFetched(t *testing.T) {
	c, err := Open(written(t, map[string]string{
		"lesson01-echo/server/main.go": "package main",
		"lesson01-echo/download/film":  strings.Repeat("x", maxFile+1),
		"lesson01-echo/download/song":  strings.Repeat("x", maxFile),
	}))
	require.NoError(t, err)
	lesson := c.Lessons[0]
	if ln, err := net.Listen("unix", filepath.Join(lesson.Dir, "a.sock")); err == nil { // its path may be too long
		defer ln.Close()
	}
	dir := t.TempDir()
	require.NoError(t, lesson.Copy(dir))
	var files []string
	require.NoError(t, filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if !entry.IsDir() {
			files = append(files, entry.Name())
		}
		return err
	}))
	assert.Equal(t, []string{"song", "main.go"}, files)
	source, err := os.ReadFile(filepath.Join(dir, "server", "main.go"))
	require.NoError(t, err)
	assert.Equal(t, "package main", string(source))
}

func TestAVersionLastsUntilAFileIsChanged(t *testing.T) {
	c, err := Open(written(t, map[string]string{"lesson01-echo/a.go": "package a", "lesson01-echo/b.go": "package a"}))
	require.NoError(t, err)
	lesson := c.Lessons[0]
	version := func() string {
		v, err := lesson.Version()
		require.NoError(t, err)
		return v
	}
	first := version()
	assert.Equal(t, first, version())
	for _, name := range []string{"notes.txt", "_old.go", ".git/a.go", "_b/a.go", "testdata/a.go"} {
		file := filepath.Join(lesson.Dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
		require.NoError(t, os.WriteFile(file, nil, 0o600))
	}
	_ = os.Symlink("someone@host.42:1", filepath.Join(lesson.Dir, ".#a.go")) // Emacs' lock; not everybody may on Windows
	assert.Equal(t, first, version(), "no program is made of them")
	require.NoError(t, os.Chtimes(filepath.Join(lesson.Dir, "a.go"), time.Time{}, time.Unix(1, 0)))
	second := version()
	assert.NotEqual(t, first, second)
	require.NoError(t, os.Remove(filepath.Join(lesson.Dir, "b.go")))
	assert.NotEqual(t, second, version())
}

func TestSourcesKnowTestsFlagsAndWords(t *testing.T) {
	c, err := Open(written(t, map[string]string{
		"lesson01-echo/server/main.go": "package main\n\nimport (\n\t\"flag\"\n\t\"log/slog\"\n)\n\n// comment\nfunc main() {\n" +
			"\tflag.String(\"addr\", \"word1\", \"\")\n\tslog.String(\"not\", \"a\")\n\tfs := flag.NewFlagSet(\"x\", 0)\n" +
			"\tfs.DurationVar(nil, \"wait\", 0, \"\")\n\tfs.Var(nil, \"list\", \"\")\n\thelper(fs, \"pos\", 1)\n}\n",
		"lesson01-echo/echo_test.go": "package x\n\nfunc TestA()\nfunc Testing()\nfunc FuzzB()\nfunc Example()\n" +
			"func ExampleS_M()\nfunc BenchmarkC()\nfunc (x) TestM()\nfunc helper()\n",
		"lesson01-echo/echo.go":             "package x\n\nfunc TestNot()\n",
		"lesson01-echo/echo_plan9_test.go":  "package x\n\nfunc TestElsewhere()\n",
		"lesson01-echo/ignored_test.go":     "//go:build plan9\n\npackage x\n\nfunc TestIgnored()\n",
		"lesson01-echo/testdata/skip_me.go": "no Go",
		"lesson01-echo/.#echo.go":           "no Go",
		"lesson01-echo/begun_test.go":       "package x\n\nfunc TestBegun() {\n\tif",
		"lesson01-echo/python/a.py":         "sock.connect(addr)  # word2",
	}))
	require.NoError(t, err)
	s, err := c.Lessons[0].Sources()
	require.NoError(t, err)

	assert.Equal(t, map[string]bool{"TestA": true, "FuzzB": true, "Example": true, "ExampleS_M": true, "BenchmarkC": true,
		"TestElsewhere": true, "TestIgnored": true, "TestBegun": true}, s.Tests)
	assert.ErrorContains(t, s.Broken, "begun_test.go:4:4: expected")
	assert.Equal(t, map[string]bool{"TestElsewhere": true, "TestIgnored": true}, s.Absent)
	assert.Equal(t, []Flag{
		{"addr", "server/main.go", 10}, {"wait", "server/main.go", 13}, {"list", "server/main.go", 14}, {"pos", "server/main.go", 15},
	}, s.Flags)
	assert.True(t, s.HasFlag("server", "addr"))
	assert.False(t, s.HasFlag("client", "addr"))
	assert.True(t, s.Go["NewFlagSet"])
	assert.True(t, s.Go["word1"], "a word in a string")
	assert.False(t, s.Go["comment"])
	assert.True(t, s.Python["connect"])
	assert.Equal(t, File{"server/main.go", 16, []string{"flag", "log/slog"}}, s.Files[5])
}
