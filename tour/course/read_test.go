package course

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAFileThatIsNotTheCoursesOwnIsNotRead(t *testing.T) {
	outside := filepath.Join(written(t, map[string]string{"secret/a.go": "package secret"}), "secret")
	root := written(t, map[string]string{"lesson01-echo/a.go": "package a", "lesson01-echo/long.go": strings.Repeat("x", maxFile+1)})
	for name, to := range map[string]string{"out.go": filepath.Join(outside, "a.go"), "in.go": "a.go", "dir": outside, "zero.go": "/dev/zero"} {
		if err := os.Symlink(to, filepath.Join(root, "lesson01-echo", name)); err != nil {
			t.Skip("needs a symbolic link:", err)
		}
	}
	dir := filepath.Join(root, "lesson01-echo")
	for _, file := range []string{"out.go", "in.go", "dir/a.go", "dir", "zero.go", ".", "../lesson01-echo/a.go", filepath.ToSlash(filepath.Join(outside, "a.go"))} {
		_, err := ReadFile(dir, file)
		assert.ErrorIs(t, err, errNoFile, file)
	}
	_, err := ReadFile(dir, "long.go")
	assert.EqualError(t, err, "long.go is longer than 1048576 bytes")
	_, err = ReadFile(dir, "none.go")
	assert.ErrorIs(t, err, fs.ErrNotExist)
	source, err := ReadFile(root, "lesson01-echo/a.go")
	require.NoError(t, err)
	assert.Equal(t, "package a", string(source))
}

func TestMarkdownThatTakesTheSquareOfItsLengthIsRefused(t *testing.T) {
	for _, hostile := range []string{"[a](", "*a_ ", "> "} {
		for _, end := range []string{"", strings.Repeat(" ", 40) + "a\n"} { // in one line, and in many
			line := strings.Repeat(hostile, 500) + end
			err := Bounded("x.md", []byte(strings.Repeat(line, maxPage/len(line))))
			var drift *Drift
			assert.ErrorAs(t, err, &drift, "%q", hostile)
		}
		piece := strings.Repeat(strings.Repeat(hostile, maxLine)[:maxLine-1]+"\n", maxPiece/maxLine-1) + "\n"
		require.NoError(t, Bounded("x.md", []byte(strings.Repeat(piece, maxPage/len(piece)))))
		start := time.Now()
		Parse("x.md", []byte(piece))
		assert.Less(t, time.Since(start), time.Minute) // it takes a tenth of a second
	}
	assert.Error(t, Bounded("x.md", []byte(strings.Repeat("\n", maxPage+1))))
}
