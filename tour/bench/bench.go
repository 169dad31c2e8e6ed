// Package bench measures the lessons' programs side by side with other ways to
// do the same: the Python originals, a bare loop, well-known tools. All of it
// is in one run, on loopback, and what belongs together takes turns.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/runner"
)

// A bench holds what the comparisons share, and what they have found.
type bench struct {
	sizes
	course *course.Course
	runner *runner.Runner
	stderr io.Writer // says what is being measured
	lacks  map[string]bool

	rows    []row
	growths []growth
	notes   []string // paragraphs below the tables
	leftOut []string // what could not be measured
}

// sizes are how much is measured.
type sizes struct {
	rounds    int           // of small things
	fewRounds int           // of what takes longer
	window    time.Duration // in which one sample of round trips is taken
	crowd     int           // clients at once
	throng    int           // ten times as many
	benchTime string        // for one benchmark of lesson 5
	big       int64         // a file, in bytes
	small     int64         // a file for what is slow
}

var (
	full = sizes{
		rounds: 7, fewRounds: 3, window: 500 * time.Millisecond, crowd: 100, throng: 1000,
		benchTime: "100ms", big: 1 << 30, small: 64 << 20,
	}
	quick = sizes{
		rounds: 1, fewRounds: 1, window: 10 * time.Millisecond, crowd: 20, throng: 200,
		benchTime: "1x", big: 1 << 20, small: 64 << 10,
	}
)

const journalNote = "Unless the table says otherwise, a server's journal, a line for each message, goes into a pipe that is read. " +
	"Python servers run with `-u`, so that their lines come one by one, too."

// timeLimit is a safety net for all of it.
const timeLimit = 10 * time.Minute

// Run measures everything and writes Markdown to stdout: a table of
// comparisons, and one of what grows with what. quickly makes everything small,
// to see that it works: the numbers then say nothing. What is being measured is
// said on stderr.
func Run(ctx context.Context, r *runner.Runner, quickly bool, stdout, stderr io.Writer) error {
	c := r.Course()
	for lesson := 2; lesson <= 6; lesson++ {
		if c.Lesson(fmt.Sprint(lesson)) == nil {
			return fmt.Errorf("there is no lesson %d to measure", lesson)
		}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, timeLimit, fmt.Errorf("not done after %v", timeLimit))
	defer cancel()
	b := &bench{sizes: full, course: c, runner: r, stderr: stderr, lacks: map[string]bool{}}
	if quickly {
		b.sizes = quick
	}
	b.notes = []string{journalNote}
	for _, measure := range []func(context.Context) error{b.loops, b.datagrams, b.commands, b.framings, b.files} {
		if err := measure(ctx); err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return err
		}
	}
	b.print(stdout, b.machine(ctx))
	return nil
}

// installed reports whether a tool can be started, and remembers it if not.
func (b *bench) installed(tool string) bool {
	if _, err := lookPath(tool); err != nil {
		b.lacks[tool] = true
	}
	return !b.lacks[tool]
}

// lookPath also looks where servers are on Debian, which is in root's PATH only.
func lookPath(tool string) (string, error) {
	path, err := exec.LookPath(tool)
	if errors.Is(err, exec.ErrNotFound) {
		return exec.LookPath("/usr/sbin/" + tool)
	}
	return path, err
}

// program builds the programs of a lesson and returns the path of one of them.
func (b *bench) program(ctx context.Context, lesson int, name string) (string, error) {
	return b.built(ctx, b.course.Lesson(fmt.Sprint(lesson)), name)
}

func (b *bench) built(ctx context.Context, lesson *course.Lesson, name string) (string, error) {
	dir, err := b.runner.Build(ctx, lesson)
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(dir, name), err
}

// own returns the path of a file of this package's sources.
func (b *bench) own(name string) string { return filepath.Join(b.course.Root, "tour", "bench", name) }

// original returns the path of one of a lesson's Python programs.
func (b *bench) original(lesson int, name string) string {
	return filepath.Join(b.course.Lesson(fmt.Sprint(lesson)).Dir, "python", name)
}

// serveGo starts a lesson's server.
func (b *bench) serveGo(ctx context.Context, lesson int, args ...string) (*process, string, error) {
	program, err := b.program(ctx, lesson, "server")
	if err != nil {
		return nil, "", err
	}
	return serve(ctx, append([]string{program, "-addr", "127.0.0.1:0"}, args...)...)
}

// servePython starts a server in Python. Without python3 there is none, and no
// error either.
func (b *bench) servePython(ctx context.Context, script string) (*process, string, error) {
	if !b.installed("python3") {
		return nil, "", nil
	}
	return serve(ctx, "python3", "-u", script, "127.0.0.1:0") // -u: each line as it is printed, as in Go
}

// tempDir makes a folder for size bytes, in memory if the system has a place for
// that.
func tempDir(size int64) (dir string, memory bool, err error) {
	parent := inMemory(size)
	dir, err = os.MkdirTemp(parent, fmt.Sprintf("tourbench%d-", os.Getpid()))
	return dir, parent != "", err
}
