package check

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/internal/ci"
	"example.com/gosockets/tour/runner"
)

// findRunning is find for the checks that run programs, of which run makes the one
// that is meant. All edits are made in one place, so that only what they change is
// compiled again.
func findRunning(t *testing.T, findings []finding, run func(*checker, *runner.Runner, finding)) {
	t.Helper()
	c := edited(t)
	r, err := runner.New(c)
	require.NoError(t, err)
	defer r.Close()
	for _, f := range findings {
		t.Run(f.name, func(t *testing.T) {
			f.edit.in(t, c)
			k := newChecker(c, readme, c.Lessons[0])
			require.True(t, k.open())
			k.learnNewTests()
			run(k, r, f)
			requireOne(t, c, k.done(), f)
		})
	}
}

// in makes the edit in a course, until the test ends.
func (e edit) in(t *testing.T, c *course.Course) {
	t.Helper()
	file := filepath.Join(c.Root, e.file)
	before, err := os.ReadFile(file)
	require.NoError(t, err)
	if e.old != "" {
		require.Equal(t, 1, strings.Count(string(before), e.old), "%q in %s", e.old, e.file)
		e.new = strings.Replace(string(before), e.old, e.new, 1)
	}
	require.NoError(t, os.WriteFile(file, []byte(e.new), 0o600))
	t.Cleanup(func() { assert.NoError(t, os.WriteFile(file, before, 0o600)) })
}

func TestATranscriptThatDriftedIsFound(t *testing.T) {
	ci.Only(t, "compiles a lesson")
	findRunning(t, []finding{
		{"a line", edit{readme, "server | [exit 0]", "server | ready\nserver | [exit 0]"}, readme, "server | ready", `expected server to print "ready"`},
		{"the status", edit{readme, "[exit 0]", "[exit 1]"}, readme, "[exit 1]", "status 1"},
		{"no terminal", edit{readme, "server | [exit 0]", "[exit 0]"}, readme, "[exit 0]", "LABEL | TEXT"},
		{"the program", edit{"lesson01-echo/server/main.go", `+"9")`, ")"}, readme, "listening on", `expected server to print "listening on 127.0.0.1:8081"`},
		{"no compiling", edit{"lesson01-echo/client/main.go", "func main() {}", "func main() { nonsense() }"}, readme, "```console", "undefined: nonsense"},
	}, func(k *checker, r *runner.Runner, _ finding) {
		var running sync.WaitGroup
		k.transcripts(t.Context(), r, &running)
		running.Wait()
	})
}

func TestAChangeThatDoesNotDoWhatItSaysIsFound(t *testing.T) {
	ci.Only(t, "compiles a lesson")
	findRunning(t, []finding{
		{"it passes", edit{readme, "+	return strings.ToLower(text)", "+	return strings.ToUpper(text) + \"\""}, readme, "fails=", "expected TestItEchoes to fail with this change, it passes"},
		{"it fails", edit{readme, `+	if Echo("b") != "B" {`, `+	if Echo("b") != "b" {`}, readme, "passes=", "expected TestItShouts to pass with this change, it fails"},
		{"it does not compile", edit{readme, "+	return strings.ToLower(text)", "+	return nonsense(text)"}, readme, "fails=", "does not run:\n"},
		{"it panics before its turn", edit{readme, "+	return strings.ToLower(text)", "+	panic(\"too early\")\n+}\n+\n+func init() { _ = Echo(\"x\")"},
			readme, "fails=", "does not run:\n"},
		{"the lines are gone", edit{readme, "-	return strings.ToUpper(text)", "-	return text"}, readme, "fails=", "exactly once, they are there 0 times"},
		{"the lines are there twice", edit{"lesson01-echo/server.go", "if text ==", "if text != \"\" {\n	return strings.ToUpper(text)\n	}\n	if text =="}, readme, "fails=", "they are there 2 times"},
		{"no such file", edit{readme, "```diff server.go", "```diff serve.go"}, readme, "fails=", "serve.go: cannot be read"},
		{"no such test", edit{readme, "fails=TestItEchoes", "fails=TestOther"}, readme, "fails=", "there is no test TestOther"},
		{"no mention", edit{readme, "Say nothing, and `TestItEchoes` fails.", "Say nothing."}, readme, "fails=", "does not mention TestItEchoes"},
		{"no verdict", edit{readme, "fails=TestItEchoes", "breaks=TestItEchoes"}, readme, "breaks=", "expected fails=TESTS or passes=TESTS"},
		{"no marks", edit{readme, "-	return strings.ToUpper(text)", "	return strings.ToUpper(text)"}, readme, "fails=", "none of blank, - and +"},
	}, func(k *checker, r *runner.Runner, f finding) {
		for _, b := range k.page.BlocksOf("diff") {
			if strings.HasPrefix(b.Args[1], f.on) {
				k.change(t.Context(), r, b)
			}
		}
	})
}

func TestAChangeIsMadeWhereTheCourseStandsBelowALink(t *testing.T) {
	ci.Only(t, "compiles a lesson")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(edited(t).Root, link); err != nil {
		t.Skip(err) // not everybody may on Windows
	}
	c, err := course.Open(link)
	require.NoError(t, err)
	r, err := runner.New(c)
	require.NoError(t, err)
	defer r.Close()
	for _, pwd := range []string{"/", c.Lessons[0].Dir} {
		t.Setenv("PWD", pwd)
		k := newChecker(c, readme, c.Lessons[0])
		require.True(t, k.open())
		k.learnNewTests()
		for _, b := range k.page.BlocksOf("diff") {
			k.change(t.Context(), r, b)
		}
		assert.Empty(t, k.done().Drifts, "PWD=%s", pwd)
	}
}

func TestATestThatSkipsItselfIsNoted(t *testing.T) {
	ci.Only(t, "compiles a lesson")
	c := edited(t, edit{"lesson01-echo/echo_test.go", "func TestItEchoes(t *testing.T) {", "func TestItEchoes(t *testing.T) {\n\tt.Skip()"})
	r, err := runner.New(c)
	require.NoError(t, err)
	defer r.Close()
	k := newChecker(c, readme, c.Lessons[0])
	require.True(t, k.open())
	k.change(t.Context(), r, k.page.BlocksOf("diff")[0])
	report := k.done()
	assert.Empty(t, report.Drifts)
	require.Len(t, report.Notes, 1)
	assert.Contains(t, report.Notes[0], "TestItEchoes skips itself here")
}

func TestAChangeThatNeverEndsIsFound(t *testing.T) {
	c := edited(t)
	k := newChecker(c, readme, c.Lessons[0])
	k.verdict(7, "fail", []string{"TestA"}, map[string]string{"TestA": "fail"}, "panic: test timed out after 1m0s\n")
	assert.Equal(t, []course.Drift{{File: readme, Line: 7, Text: "with this change TestA does not end"}}, k.done().Drifts)
}
