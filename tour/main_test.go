package main

import (
	"bytes"
	"context"
	"io/fs"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/tools/txtar"

	"example.com/gosockets/tour/check"
	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/internal/ci"
	"example.com/gosockets/tour/runner"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/dlclark/regexp2/v2.runClock")) // the highlighter's; ends by itself
}

// TestTheCourseKeepsItsPromises checks the repository that tour stands in, all of it
// at once, as the command does.
func TestTheCourseKeepsItsPromises(t *testing.T) {
	ci.Only(t, "replays every page")
	c, err := course.Open(".")
	require.NoError(t, err)
	r, err := runner.New(c)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, r.Close()) })
	pages, plays := make([]check.Report, len(c.Lessons)), make([]check.Report, len(c.Lessons))
	var checking sync.WaitGroup // t.Parallel would not run all of them at once
	for i, lesson := range c.Lessons {
		checking.Go(func() { pages[i] = check.Lesson(t.Context(), r, lesson) })
		checking.Go(func() { plays[i] = check.Runs(t.Context(), r, lesson) })
	}
	checking.Wait()
	expectNone := func(t *testing.T, report check.Report) {
		for _, note := range report.Notes {
			t.Log(note)
		}
		for _, drift := range report.Drifts {
			t.Error(drift.Error())
		}
	}
	for i, lesson := range c.Lessons {
		t.Run(lesson.Name, func(t *testing.T) {
			expectNone(t, pages[i])
			expectNone(t, plays[i])
		})
	}
	for _, page := range check.FrontDoors {
		t.Run(page, func(t *testing.T) { expectNone(t, check.FrontDoor(c, page)) })
	}
}

// inCourse makes the small course of package check the working directory, with
// an edit of its runs.
func inCourse(t *testing.T, edit func(runs []byte) []byte) {
	t.Helper()
	archive, err := txtar.ParseFile("check/testdata/course.txtar")
	require.NoError(t, err)
	for i, file := range archive.Files {
		if file.Name == "tour/runs/lesson01-echo.md" {
			archive.Files[i].Data = edit(file.Data)
		}
	}
	files, err := txtar.FS(archive)
	require.NoError(t, err)
	root := t.TempDir()
	require.NoError(t, os.CopyFS(root, files))
	t.Chdir(root)
}

func asItIs(runs []byte) []byte { return runs }

func drifted(runs []byte) []byte {
	return bytes.Replace(runs, []byte("[exit 0]"), []byte("[exit 1]"), 1)
}

// ran runs tour and returns what it prints.
func ran(t *testing.T, ctx context.Context, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(ctx, args, &out, &errs)
	return status, out.String(), errs.String()
}

func TestPlayShowsThePreparedRunsAsTheyHappen(t *testing.T) {
	inCourse(t, asItIs)
	status, stdout, stderr := ran(t, t.Context(), "play", "1")
	assert.Equal(t, 0, status)
	assert.Empty(t, stderr)
	assert.Equal(t, `
lesson01-echo

It ends
The server says where it listens, and ends.

-- It ends: Go
server | $ go run ./lesson01-echo/server -addr 127.0.0.1:0
server | listening on 127.0.0.1:9
server | [exit 0]
`, stdout)
}

func TestPlaySaysWhatCameInstead(t *testing.T) {
	inCourse(t, drifted)
	status, stdout, stderr := ran(t, t.Context(), "play")
	assert.Equal(t, 1, status)
	assert.Contains(t, stdout, "server | listening on")
	assert.Equal(t, "tour/runs/lesson01-echo.md:21: expected server to end with status 1, it ended with 0\n", stderr)
}

func TestNoPageSteersTheTerminal(t *testing.T) {
	steering := "\x1b]0;owned\a\u009b2J\u202e"
	inCourse(t, func(runs []byte) []byte {
		runs = bytes.Replace(runs, []byte("It ends\n"), []byte("It ends"+steering+"\n"), 1)
		runs = bytes.Replace(runs, []byte("The server says"), []byte("The server "+steering), 1)
		return bytes.Replace(runs, []byte("[exit 0]"), []byte(steering), 1)
	})
	for _, command := range []string{"play", "check"} {
		_, stdout, stderr := ran(t, t.Context(), command)
		assert.Contains(t, stdout+stderr, "owned")
		assert.NotRegexp(t, `[\x00-\x08\x0b-\x1f\x7f\x{80}-\x{9f}\x{202e}]`, stdout+stderr, command)
	}
}

func TestAllEndWithTheirContext(t *testing.T) {
	inCourse(t, asItIs)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, command := range []string{"play", "check", "bench"} {
		status, stdout, stderr := ran(t, ctx, command)
		assert.Equal(t, 1, status)
		assert.Equal(t, "tour: interrupted\n", stderr)
		assert.NotContains(t, stdout, "context")
	}
}

// A closedPipe is what nobody reads any more.
type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, syscall.EPIPE }

func TestWhenNobodyReadsAnyMoreAllIsEndedAndRemoved(t *testing.T) {
	inCourse(t, asItIs)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp) // Windows
	var errs bytes.Buffer
	assert.Equal(t, 1, run(t.Context(), []string{"play"}, closedPipe{}, &errs))
	assert.Equal(t, "tour: interrupted\ntour: broken pipe\n", errs.String())
	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestCheckPrintsALineForEachDrift(t *testing.T) {
	ci.Only(t, "compiles a lesson")
	inCourse(t, drifted)
	status, stdout, _ := ran(t, t.Context(), "check", "01")
	assert.Equal(t, 1, status)
	assert.Equal(t, "tour/runs/lesson01-echo.md:21: expected server to end with status 1, it ended with 0\n"+
		"1 lesson and 3 pages at the root: 1 drift\n", stdout)
}

func TestCheckSaysWhenAllIsWell(t *testing.T) {
	ci.Only(t, "compiles a lesson")
	inCourse(t, asItIs)
	status, stdout, _ := ran(t, t.Context(), "check")
	assert.Equal(t, 0, status)
	assert.Equal(t, "1 lesson and 3 pages at the root: all is as they say\n", stdout)
}

func TestBenchMeasuresAWholeCourseOnly(t *testing.T) {
	inCourse(t, asItIs)
	status, stdout, stderr := ran(t, t.Context(), "bench", "-quick")
	assert.Equal(t, 1, status)
	assert.Empty(t, stdout)
	assert.Equal(t, "tour: there is no lesson 2 to measure\n", stderr)
}

func TestWrongUsageIsStatus2(t *testing.T) {
	inCourse(t, asItIs)
	for _, args := range [][]string{{"sing"}, {"-x"}, {"play", "-x"}, {"play", "99"}, {"bench", "-x"}, {"bench", "2"}} {
		status, stdout, stderr := ran(t, t.Context(), args...)
		assert.Equal(t, 2, status, "%q", args)
		assert.Empty(t, stdout)
		assert.NotEmpty(t, stderr)
	}
}

func TestHelpIsStatus0(t *testing.T) {
	for _, args := range [][]string{{"-h"}, {"--help"}, {"play", "-h"}, {"bench", "-h"}} {
		status, stdout, stderr := ran(t, t.Context(), args...)
		assert.Equal(t, 0, status, "%q", args)
		assert.Equal(t, usage, stdout)
		assert.Empty(t, stderr)
	}
}

func TestWithoutACommandTheCourseOpensInABrowser(t *testing.T) {
	inCourse(t, asItIs)
	ctx, cancel := context.WithCancel(t.Context())
	var file string
	var mode fs.FileMode
	var page []byte
	var answered int
	openBrowser = func(started string) error {
		defer cancel()
		file = started
		info, err := os.Stat(file)
		if err != nil {
			return err
		}
		mode = info.Mode().Perm()
		if page, err = os.ReadFile(file); err != nil {
			return err
		}
		answer, err := http.Get(string(regexp.MustCompile(`http://[^"]+`).Find(page)))
		if err != nil {
			return err
		}
		answer.Body.Close()
		http.DefaultClient.CloseIdleConnections()
		answered = answer.StatusCode
		return nil
	}
	status, stdout, stderr := ran(t, ctx)
	assert.Equal(t, http.StatusOK, answered)
	assert.Equal(t, 0, status)
	assert.Empty(t, stderr)
	assert.Regexp(t, `^The course is at http://127\.0\.0\.1:\d+/[A-Z2-7]{26}/\nCtrl-C ends it\.\n$`, stdout)

	code := regexp.MustCompile(`once/([A-Z2-7]{26})"`).FindSubmatch(page)
	require.NotNil(t, code)
	assert.NotContains(t, file, string(code[1]), "every user can read what a browser is started with")
	if runtime.GOOS != "windows" { // there a file has the rights of its folder
		assert.Equal(t, fs.FileMode(0o600), mode)
	}
	assert.NoFileExists(t, file)
}

func TestAFileKeepsItsNameInAURL(t *testing.T) {
	assert.Equal(t, "file:///a%20course/C%23/100%25/%3F.html", fileURL("/a course/C#/100%/?.html"))
	assert.Equal(t, "file:///C:/course/a.html", fileURL("C:/course/a.html"))
}
