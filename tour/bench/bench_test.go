package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/internal/ci"
	"example.com/gosockets/tour/runner"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// theCourse opens the repository that this package stands in.
func theCourse(t *testing.T) (*course.Course, *runner.Runner) {
	t.Helper()
	c, err := course.Open(".")
	require.NoError(t, err)
	r, err := runner.New(c)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, r.Close()) })
	return c, r
}

// leavesNothing expects that no process and no file is left when the test ends.
func leavesNothing(t *testing.T) {
	t.Helper()
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	before := leftovers(t, temp)
	t.Cleanup(func() { assert.Equal(t, before, leftovers(t, temp)) })
}

// leftovers are the files in the places that bench uses, and the processes that
// this one has started.
func leftovers(t *testing.T, temp string) []string {
	t.Helper()
	var left []string
	for _, pattern := range []string{filepath.Join(temp, "*"), fmt.Sprintf("/dev/shm/tourbench%d-*", os.Getpid())} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		left = append(left, found...)
	}
	if runtime.GOOS == "linux" {
		children, err := filepath.Glob("/proc/self/task/*/children")
		require.NoError(t, err)
		for _, file := range children {
			pids, _ := os.ReadFile(file) // a thread may have ended
			left = append(left, strings.Fields(string(pids))...)
		}
	}
	return left
}

// cells returns the cells of the tables' rows, headings left out.
func cells(page string) (rows [][]string) {
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| lesson") {
			rows = append(rows, strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|"))
		}
	}
	return rows
}

func TestEveryRowIsMeasured(t *testing.T) {
	ci.Only(t, "measures the lessons")
	_, r := theCourse(t)
	leavesNothing(t)
	var page, errs bytes.Buffer
	require.NoError(t, Run(t.Context(), r, true, &page, &errs))
	t.Log(page.String())

	assert.Regexp(t, `^Measured on .+, \d+ cores, `+runtime.GOOS+`.*, with go1\..+\n`, page.String())
	var comparisons, growths [7]int // by lesson
	for _, row := range cells(page.String()) {
		lesson, err := strconv.Atoi(strings.TrimSpace(row[0]))
		require.NoError(t, err)
		if len(row) == 6 {
			comparisons[lesson]++
			ratio, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(row[4]), ",", ""), 64)
			require.NoError(t, err)
			assert.GreaterOrEqual(t, ratio, 0.0, "%s", row)
		} else {
			require.Len(t, row, 5, "%s", row)
			growths[lesson]++
		}
	}
	wanted, grown := [7]int{2: 8, 3: 2, 4: 2, 5: 11, 6: 12}, [7]int{2: 4, 3: 1, 4: 1, 5: 4, 6: 3}
	if runtime.GOOS != "linux" { // other systems do not tell a process's memory
		wanted[6], grown[2], grown[6] = 10, 2, 1
	}
	if !strings.Contains(page.String(), "Left out") {
		assert.Equal(t, wanted, comparisons)
	}
	assert.Equal(t, grown, growths)
	for _, lesson := range []string{"lesson 2, 1 client", "lesson 3", "lesson 4", "lesson 5", "lesson 6, 8 clients"} {
		assert.Contains(t, errs.String(), lesson+"\n")
	}
}

func TestWithoutToolsTheirRowsAreLeftOut(t *testing.T) {
	ci.Only(t, "measures the lessons")
	c, r := theCourse(t)
	leavesNothing(t)
	b := &bench{sizes: quick, course: c, runner: r, stderr: io.Discard,
		lacks: map[string]bool{"python3": true, "nginx": true, "nc": true, "iperf3": true}}
	for _, measure := range []func(context.Context) error{b.loops, b.datagrams, b.commands, b.files} {
		require.NoError(t, measure(t.Context()))
	}
	var page strings.Builder
	b.print(&page, b.machine(t.Context()))
	assert.NotRegexp(t, regexp.MustCompile(`\| .*(Python|nginx|iperf3)`), page.String())
	assert.NotContains(t, strings.SplitN(page.String(), "\n", 2)[0], "Python")
	left := page.String()[strings.Index(page.String(), "Left out"):]
	assert.Contains(t, left, "Left out, for want of iperf3, nc, nginx, python3: ")
	for _, what := range []string{
		"lesson 2, round trips of 64 bytes, 1 client, with Python server;",
		"lesson 2, round trips of 64 bytes, 20 clients, with Python server with threads;",
		"lesson 3, round trips of 64 bytes over UDP, 1 client, with Python server;",
		"lesson 4, commands (echo hi), 1 client, with Python server;",
		"lesson 6, a file of 1 MiB, with nginx and curl;",
		"lesson 6, a file of 64 KiB, with Python server and client;",
	} {
		assert.Contains(t, left, what)
	}
}

func TestTheEndOfTheContextEndsEverything(t *testing.T) {
	ci.Only(t, "measures the lessons")
	_, r := theCourse(t)
	leavesNothing(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	said := writerFunc(func(line []byte) (int, error) {
		if string(line) == "lesson 3\n" {
			cancel()
		}
		return len(line), nil
	})
	var page bytes.Buffer
	assert.ErrorIs(t, Run(ctx, r, true, &page, said), context.Canceled)
	assert.Empty(t, page.String(), "half a table is none")
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func TestAProgramThatDoesNotListenSaysWhy(t *testing.T) {
	ci.Only(t, "compiles a lesson")
	c, r := theCourse(t)
	b := &bench{course: c, runner: r, stderr: io.Discard, lacks: map[string]bool{}}
	_, _, err := b.serveGo(t.Context(), 2, "-max-clients", "0")
	assert.ErrorContains(t, err, `expected "listening on "`)
	assert.ErrorContains(t, err, "must be from 1 to 1000000")
}
