package check

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/tour/course"
)

// placed is where a line says that the excerpt below it stands.
var placed = regexp.MustCompile(`\[([\w./-]+):\d+\]\(([\w./-]+)#L\d+\)`)

// TestTheLineAboveAnExcerptSaysWhereItStands reads the real course. With UPDATE=1
// it writes the right numbers instead.
func TestTheLineAboveAnExcerptSaysWhereItStands(t *testing.T) {
	c, err := course.Open(".")
	require.NoError(t, err)
	for _, lesson := range c.Lessons {
		k := newChecker(c, lesson.README(), lesson)
		require.True(t, k.open())
		if os.Getenv("UPDATE") == "1" {
			k.renumber(t)
			continue
		}
		k.blocks()
		for _, drift := range k.done().Drifts {
			assert.Fail(t, drift.Error(), "go test ./check -run TheLineAbove with UPDATE=1 in the environment puts the numbers right")
		}
	}
}

// renumber writes the page with the lines at which its excerpts stand.
func (k *checker) renumber(t *testing.T) {
	t.Helper()
	file := filepath.Join(k.course.Root, filepath.FromSlash(k.page.File))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	lines := strings.Split(string(text), "\n")
	for _, b := range append(k.page.BlocksOf("go"), k.page.BlocksOf("python")...) {
		source, err := os.ReadFile(filepath.Join(k.lesson.Dir, filepath.FromSlash(b.Args[0])))
		require.NoError(t, err)
		want := dedent(b.Lines)
		agree, at := nearest(want, strings.Split(string(source), "\n"))
		if above, _ := k.page.Above(b); agree == len(want) && above > 0 {
			to := b.Args[0]
			lines[above-1] = placed.ReplaceAllString(lines[above-1], "["+to+":"+strconv.Itoa(at+1)+"]("+to+"#L"+strconv.Itoa(at+1)+")")
		}
	}
	require.NoError(t, os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o644))
}
