package check

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/runner"
)

// findRunning is find for the checks that run programs.
func findRunning(t *testing.T, findings []finding) {
	t.Helper()
	if testing.Short() {
		t.Skip("it compiles a course for each finding")
	}
	for _, f := range findings {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			c := edited(t, f.edit)
			r, err := runner.New(c)
			require.NoError(t, err)
			defer r.Close()
			k := newChecker(c, readme, c.Lessons[0])
			require.True(t, k.open())
			k.learnNewTests()
			k.run(t.Context(), r)
			requireOne(t, c, k.done(), f)
		})
	}
}

func TestATranscriptThatDriftedIsFound(t *testing.T) {
	findRunning(t, []finding{
		{"a line", edit{readme, "server | [exit 0]", "server | ready\nserver | [exit 0]"}, readme, "server | ready", `expected server to print "ready"`},
		{"the status", edit{readme, "[exit 0]", "[exit 1]"}, readme, "[exit 1]", "status 1"},
		{"no terminal", edit{readme, "server | [exit 0]", "[exit 0]"}, readme, "[exit 0]", "LABEL | TEXT"},
		{"the program", edit{"lesson01-echo/server/main.go", `+"9")`, ")"}, readme, "listening on", `expected server to print "listening on 127.0.0.1:8081"`},
		{"no compiling", edit{"lesson01-echo/client/main.go", "func main() {}", "func main() { nonsense() }"}, readme, "```console", "undefined: nonsense"},
	})
}

func TestAChangeThatDoesNotDoWhatItSaysIsFound(t *testing.T) {
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
	})
}

func TestATestThatSkipsItselfIsNoted(t *testing.T) {
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
