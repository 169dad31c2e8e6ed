// Package runner starts the lessons' programs as real processes: it builds
// them, plays the transcripts of the READMEs with them, and runs single tests.
// Everything it starts it also ends, children included.
package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"example.com/gosockets/tour/course"
)

const (
	patience    = time.Minute      // for what a transcript says comes next
	grace       = 2 * time.Second  // between an interrupt and the end by force
	keeperGrace = 10 * time.Second // for a keeper to end all that it keeps
	pressAgain  = 3 * time.Second  // after an interrupt that a program has missed
	testLimit   = 2 * time.Minute  // for the tests of one small change, which may wait for a minute
	plays       = 6                // at a time: most of what their programs do is wait
	goCommands  = 2                // at a time: each of them compiles on several cores
	outputLimit = 1 << 20          // bytes that one program may print
	outputBurst = 64 << 10         // of them as fast as it likes
	outputRate  = 512 << 10        // bytes a second after that
)

// ErrSkipped says that a transcript needs a tool that is not installed here.
var ErrSkipped = errors.New("left out")

// A Runner runs the programs of one course. Its methods can be called from
// several goroutines. Close it to remove what it has built.
type Runner struct {
	course   *course.Course
	patience time.Duration
	grace    time.Duration
	temp     string
	slots    chan struct{} // for go commands
	stages   chan struct{} // for plays

	mu    sync.Mutex
	built map[*course.Lesson]chan build // holds the latest, while nobody builds it
}

// A build is a folder with a lesson's programs. The first is number 1.
type build struct {
	number  int
	version string // of the lesson
}

func (r *Runner) dir(lesson *course.Lesson, number int) string {
	return filepath.Join(r.temp, "bin", fmt.Sprint(lesson.Name, "-", number))
}

// New returns a Runner with a temporary folder of its own.
func New(c *course.Course) (*Runner, error) {
	temp, err := os.MkdirTemp("", "tour") // short: a unix socket's path below it has to be
	if err == nil {
		temp, err = filepath.EvalSymlinks(temp) // as a program sees where it is
	}
	if err != nil {
		return nil, fmt.Errorf("making room for programs: %w", err)
	}
	return &Runner{
		course:   c,
		patience: patience,
		grace:    grace,
		temp:     temp,
		slots:    make(chan struct{}, goCommands),
		stages:   make(chan struct{}, plays),
		built:    map[*course.Lesson]chan build{},
	}, nil
}

// Course is the course whose programs it runs.
func (r *Runner) Course() *course.Course { return r.course }

// Close removes the programs. No method may be running.
func (r *Runner) Close() error { return os.RemoveAll(r.temp) }

// Build compiles the lesson's programs, unless it has and the lesson is still the
// same, and returns the folder they are in. It is there until the lesson has been
// changed and built twice more.
func (r *Runner) Build(ctx context.Context, lesson *course.Lesson) (string, error) {
	r.mu.Lock()
	built := r.built[lesson]
	if built == nil {
		built = make(chan build, 1)
		built <- build{}
		r.built[lesson] = built
	}
	r.mu.Unlock()
	var latest build
	select {
	case latest = <-built: // nobody else builds it
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { built <- latest }()
	version, err := lesson.Version() // read first: what is changed while it is built counts as new
	if err != nil {
		return "", err
	}
	if version == latest.version {
		return r.dir(lesson, latest.number), nil
	}
	next := build{latest.number + 1, version}
	programs := r.dir(lesson, next.number)
	if err := os.MkdirAll(programs, 0o700); err != nil {
		return "", fmt.Errorf("building the programs of %s: %w", lesson.Name, err)
	}
	var out bytes.Buffer
	if err := r.goCommand(ctx, lesson.Dir, "", &out, "build", "-ldflags=-s -w", "-o", programs+string(filepath.Separator), "./..."); err != nil { // debug tables take time
		return "", fmt.Errorf("building the programs of %s: %w\n%s", lesson.Name, err, out.Bytes())
	}
	_ = os.RemoveAll(r.dir(lesson, next.number-2)) // somebody may be about to start a program of the one between
	latest = next
	return programs, nil
}

// goCommand runs the go command in a lesson, on its own as it would be outside
// the workspace. What it prints goes to out. An overlay is in force for the go
// commands that it starts, too.
func (r *Runner) goCommand(ctx context.Context, dir, overlay string, out io.Writer, args ...string) error {
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, 5*testLimit) // a first build may fetch modules
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	temp, err := os.MkdirTemp("", "t") // short, for unix sockets; a test that is ended leaves its folders behind
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	cmd.Env = append(os.Environ(), "GOWORK=off", "TMPDIR="+temp, "TMP="+temp, "TEMP="+temp)
	if overlay != "" {
		cmd.Env = append(cmd.Env, "GOFLAGS="+os.Getenv("GOFLAGS")+" '-overlay="+overlay+"'")
	}
	cmd.Stdout, cmd.Stderr = out, out
	keepGroup(cmd)
	ended := make(chan struct{})
	cmd.Cancel = func() error {
		InterruptGroup(cmd.Process.Pid)
		go func() {
			select {
			case <-ended:
			case <-time.After(r.grace):
				killKept(cmd.Process.Pid)
			}
		}()
		return nil
	}
	cmd.WaitDelay = 2 * r.grace
	err = cmd.Run()
	close(ended)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("%w: install Go from https://go.dev/dl/ or put it on your PATH", err)
	}
	return err
}
