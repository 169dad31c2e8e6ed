package check

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/tools/txtar"

	"example.com/gosockets/tour/course"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	readme = "lesson01-echo/README.md"
	proof  = "lesson01-echo/PROOF.md"
	front  = "README.md"
)

// An edit replaces old in a file, where it has to stand once, by new. Without
// old, new is the whole file.
type edit struct{ file, old, new string }

// edited returns the good course of testdata after the edits.
func edited(t *testing.T, edits ...edit) *course.Course {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/course.txtar")
	require.NoError(t, err)
	files := map[string]string{}
	for _, f := range archive.Files {
		files[f.Name] = string(f.Data)
	}
	for _, e := range edits {
		if e.old != "" {
			require.Equal(t, 1, strings.Count(files[e.file], e.old), "%q in %s", e.old, e.file)
			e.new = strings.Replace(files[e.file], e.old, e.new, 1)
		}
		files[e.file] = e.new
	}
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	c, err := course.Open(root)
	require.NoError(t, err)
	return c
}

// A finding is one edit of the good course and the one drift it makes: the text
// that is on the line where it is reported, "" for a file as a whole, and a
// piece of what is said.
type finding struct {
	name   string
	edit   edit
	in, on string
	says   string
}

// find makes each edit and expects its drift and no other.
func find(t *testing.T, findings []finding) {
	t.Helper()
	for _, f := range findings {
		t.Run(f.name, func(t *testing.T) {
			c := edited(t, f.edit)
			var report Report
			switch {
			case f.in == front || f.edit.file == front || f.edit.file == "go.work":
				report = FrontDoor(c, front)
			case f.in == proof:
				report = Beside(c, c.Lessons[0], proof)
			default:
				k := newChecker(c, readme, c.Lessons[0])
				if k.open() {
					k.read()
				}
				report = k.done()
			}
			requireOne(t, c, report, f)
		})
	}
}

func requireOne(t *testing.T, c *course.Course, report Report, f finding) {
	t.Helper()
	require.Len(t, report.Drifts, 1)
	drift := report.Drifts[0]
	assert.Equal(t, f.in, drift.File)
	assert.Contains(t, drift.Text, f.says)
	if f.on == "" {
		assert.LessOrEqual(t, drift.Line, 1)
		return
	}
	source, err := os.ReadFile(filepath.Join(c.Root, drift.File))
	require.NoError(t, err)
	lines := strings.Split(string(source), "\n")
	require.Greater(t, drift.Line, 0)
	assert.Contains(t, lines[drift.Line-1], f.on)
}

func TestAPageThatIsMissingIsFound(t *testing.T) {
	c := edited(t)
	require.NoError(t, os.Remove(filepath.Join(c.Root, "README.zh-CN.md")))
	report := FrontDoor(c, "README.zh-CN.md")
	require.Len(t, report.Drifts, 1)
	assert.Contains(t, report.Drifts[0].Error(), "README.zh-CN.md: cannot be read")
}

func TestSourcesThatCannotBeReadAreFound(t *testing.T) {
	find(t, []finding{{"a Go file that is none", edit{"lesson01-echo/server.go", "package echo", "packing echo"},
		readme, "", "expected 'package'"}})
}
