package runner

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/tools/txtar"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/internal/ci"
)

// fake is the course of testdata, built once for all tests.
var fake struct {
	once   sync.Once
	runner *Runner
	err    error
}

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(status int) {
		if fake.runner != nil {
			os.RemoveAll(fake.runner.course.Root)
			fake.runner.Close()
		}
		os.Exit(status)
	}))
}

func fakeRunner(t *testing.T) *Runner {
	t.Helper()
	fake.once.Do(func() { fake.runner, fake.err = newFake() })
	require.NoError(t, fake.err)
	// Each test has its own patience, and all have the same programs.
	return &Runner{
		course:   fake.runner.course,
		patience: fake.runner.patience,
		grace:    fake.runner.grace,
		temp:     fake.runner.temp,
		slots:    fake.runner.slots,
		stages:   fake.runner.stages,
		built:    fake.runner.built,
	}
}

func newFake() (*Runner, error) {
	root, err := os.MkdirTemp("", "fake")
	if err != nil {
		return nil, err
	}
	archive, err := txtar.ParseFile("testdata/course.txtar")
	if err != nil {
		return nil, err
	}
	files, err := txtar.FS(archive)
	if err != nil {
		return nil, err
	}
	if err := os.CopyFS(root, files); err != nil {
		return nil, err
	}
	c, err := course.Open(root)
	if err != nil {
		return nil, err
	}
	r, err := New(c)
	if err != nil {
		return nil, err
	}
	_, err = r.Build(context.Background(), c.Lessons[0])
	return r, err
}

// transcript reads lines as a page's only block, so that its first line is the
// page's second.
func transcript(t *testing.T, r *Runner, lines string) (file string, steps []course.Step) {
	t.Helper()
	lines = strings.ReplaceAll(strings.TrimSpace(lines), "\t", "")
	dir, err := os.MkdirTemp(r.course.Root, "")
	require.NoError(t, err)
	file = filepath.Base(dir) + "/README.md"
	page := "```console\n" + lines + "\n```\n"
	require.NoError(t, os.WriteFile(filepath.Join(r.course.Root, file), []byte(page), 0o600))
	read, err := r.course.Page(file)
	require.NoError(t, err)
	steps, err = read.Blocks[0].Transcript(file)
	require.NoError(t, err)
	return file, steps
}

// played plays a transcript and returns what was shown.
func played(t *testing.T, r *Runner, lines string) ([]string, error) {
	t.Helper()
	file, steps := transcript(t, r, lines)
	var shown []string
	err := r.Play(t.Context(), file, steps, View{Step: func(s course.Step) {
		shown = append(shown, s.Terminal+" | "+s.String())
	}})
	return shown, err
}

// requireDrift expects a drift on a line of the transcript, counted from 1.
func requireDrift(t *testing.T, err error, line int, text string) {
	t.Helper()
	var drift *course.Drift
	require.ErrorAs(t, err, &drift)
	assert.Equal(t, line+1, drift.Line)
	assert.Contains(t, drift.Text, text)
}

func needPython(t *testing.T) {
	t.Helper()
	if needs := missing([]course.Step{{Action: course.Start, Text: "python3 x.py"}}); needs != nil {
		require.ErrorIs(t, needs, ErrSkipped)
		t.Skip(needs)
	}
}

func TestALessonIsBuiltOnce(t *testing.T) {
	r := fakeRunner(t)
	lesson := r.course.Lessons[0]
	dir, err := r.Build(t.Context(), lesson)
	require.NoError(t, err)
	programs, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, programs, 5)

	before, err := programs[0].Info()
	require.NoError(t, err)
	_, err = r.Build(t.Context(), lesson)
	require.NoError(t, err)
	after, err := programs[0].Info()
	require.NoError(t, err)
	assert.Equal(t, before.ModTime(), after.ModTime())
}

func TestALessonThatHasBeenChangedIsBuiltAgain(t *testing.T) {
	ci.Only(t, "compiles a lesson")
	r := fakeRunner(t)
	dir := t.TempDir()
	write := func(name, content string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	lesson := &course.Lesson{Name: "lesson98-changing", Dir: dir}
	write("go.mod", "module changing\n")
	var built []string
	for _, content := range []string{"", "println()", "println(1)"} {
		write("main.go", "package main\n\nfunc main() { "+content+" }\n")
		folder, err := r.Build(t.Context(), lesson)
		require.NoError(t, err)
		built = append(built, folder)
		again, err := r.Build(t.Context(), lesson)
		require.NoError(t, err)
		assert.Equal(t, folder, again)
		program, err := os.ReadDir(folder)
		require.NoError(t, err)
		assert.Len(t, program, 1)
	}
	assert.NoDirExists(t, built[0])
	assert.DirExists(t, built[1], "somebody may be about to start its program")
	write("main.go", "nonsense")
	_, err := r.Build(t.Context(), lesson)
	assert.ErrorContains(t, err, "expected 'package'")
	write("main.go", "package main\n\nfunc main() {}\n")
	_, err = r.Build(t.Context(), lesson)
	assert.NoError(t, err)
}

func TestALessonThatDoesNotCompileSaysWhy(t *testing.T) {
	r := fakeRunner(t)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module broken\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte("package main\n\nfunc main() { nonsense() }\n"), 0o600))
	_, err := r.Build(t.Context(), &course.Lesson{Name: "lesson99-broken", Dir: dir})
	require.Error(t, err)
	assert.Contains(t, err.Error(), "undefined: nonsense")
}

func TestTestsReportHowEachEnded(t *testing.T) {
	ci.Only(t, "compiles a lesson")
	r := fakeRunner(t)
	dir := t.TempDir()
	source := `package x

import "testing"

func TestGood(t *testing.T)    {}
func TestBad(t *testing.T)     { t.Error("a reason") }
func TestSkipped(t *testing.T) { t.Skip() }
func TestOther(t *testing.T)   { t.Error("not asked for") }
`
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module x\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x_test.go"), []byte(source), 0o600))
	results, output, err := r.Test(t.Context(), dir, "", []string{"TestGood", "TestBad", "TestSkipped"})
	require.NoError(t, err)
	assert.Equal(t, "pass", results["TestGood"])
	assert.Equal(t, "fail", results["TestBad"])
	assert.Equal(t, "skip", results["TestSkipped"])
	assert.NotContains(t, results, "TestOther")
	assert.Contains(t, output, "a reason")

	require.NoError(t, os.WriteFile(filepath.Join(dir, "x_test.go"), []byte("package x\n\nvar x = nonsense\n"), 0o600))
	results, output, err = r.Test(t.Context(), dir, "", []string{"TestGood"})
	require.NoError(t, err)
	assert.NotContains(t, results, "TestGood")
	assert.Contains(t, output, "undefined: nonsense")
}

func TestBenchmarksPrintWhatTheyMeasure(t *testing.T) {
	ci.Only(t, "compiles a lesson")
	r := fakeRunner(t)
	dir := t.TempDir()
	source := `package x

import "testing"

func TestNotRun(t *testing.T)     { t.Error("a test") }
func BenchmarkGood(b *testing.B)  { for b.Loop() {} }
func BenchmarkOther(b *testing.B) { b.Error("not asked for") }
`
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module x\n\ngo 1.26\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x_test.go"), []byte(source), 0o600))
	output, err := r.Benchmark(t.Context(), dir, "BenchmarkGood", "7x")
	require.NoError(t, err)
	assert.Regexp(t, `(?m)^BenchmarkGood\S*\s+7\s+\S+ ns/op\s+\d+ B/op`, output)
	_, err = r.Benchmark(t.Context(), dir, "BenchmarkOther", "1x")
	assert.ErrorContains(t, err, "not asked for")
}

func TestPatienceEndsWithADrift(t *testing.T) {
	r := fakeRunner(t)
	file, steps := transcript(t, r, `
	one | $ go run ./lesson01-fake/actor mutter=hello/the-reason/ ignore hang
	one | hello
	two | $ go run ./lesson01-fake/actor hang
	two | hello`)
	r.grace = 50 * time.Millisecond
	err := r.Play(t.Context(), file, steps, impatientAfter(r, "hello")) // by then the reason has come, too
	requireDrift(t, err, 4, `expected two to print "hello", nothing came within 1ns; one printed "the-reason"`)
}

// fakeLesson returns a module of one test file.
func fakeLesson(t *testing.T, source string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module x\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x_test.go"), []byte(source), 0o600))
	return dir
}
