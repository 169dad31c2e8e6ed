// Package runner starts the lessons' programs as real processes: it builds
// them, plays the transcripts of the READMEs with them, and runs single tests.
// Everything it starts it also ends, children included.
package runner

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"example.com/gosockets/tour/course"
)

const (
	patience    = 10 * time.Second // for what a transcript says comes next
	grace       = 2 * time.Second  // between an interrupt and the end by force
	testLimit   = time.Minute      // for the tests of one small change
	goCommands  = 2                // at a time: each of them compiles on several cores
	outputLimit = 1 << 20          // bytes that one program may print
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
	slots    chan struct{}

	mu     sync.Mutex
	builds map[*course.Lesson]func() error
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
		builds:   map[*course.Lesson]func() error{},
	}, nil
}

// Close removes the programs. No method may be running.
func (r *Runner) Close() error { return os.RemoveAll(r.temp) }

// Build compiles the lesson's programs, the first time it is asked to, and
// returns the folder they are in.
func (r *Runner) Build(ctx context.Context, lesson *course.Lesson) (string, error) {
	programs := filepath.Join(r.temp, "bin", lesson.Name)
	r.mu.Lock()
	build, ok := r.builds[lesson]
	if !ok {
		build = sync.OnceValue(func() error {
			if err := os.MkdirAll(programs, 0o700); err != nil {
				return err
			}
			out, err := r.goCommand(ctx, lesson.Dir, "build", "-o", programs+string(filepath.Separator), "./...")
			if err != nil {
				return fmt.Errorf("%w\n%s", err, out)
			}
			return nil
		})
		r.builds[lesson] = build
	}
	r.mu.Unlock()
	if err := build(); err != nil {
		return "", fmt.Errorf("building the programs of %s: %w", lesson.Name, err)
	}
	return programs, nil
}

// Test runs the named tests of the package in dir. It returns how each of them
// that ran ended ("pass", "fail" or "skip") and everything that was printed. A
// package that does not compile has no results.
func (r *Runner) Test(ctx context.Context, dir string, names []string) (results map[string]string, output string, err error) {
	out, err := r.goCommand(ctx, dir, "test", "-json", "-vet=off", // vet has its say elsewhere
		"-timeout", testLimit.String(), "-run", "^("+strings.Join(names, "|")+")$", ".")
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) { // that a test fails is a result
		return nil, "", fmt.Errorf("running %s: %w", strings.Join(names, ", "), err)
	}
	results = map[string]string{}
	var printed strings.Builder
	for line := range bytes.Lines(out) {
		var event struct{ Action, Test, Output string }
		if json.Unmarshal(line, &event) != nil {
			printed.Write(line) // what the go command itself has to say
			continue
		}
		printed.WriteString(event.Output)
		switch event.Action {
		case "pass", "fail", "skip":
			results[event.Test] = event.Action
		}
	}
	return results, printed.String(), nil
}

// goCommand runs the go command in a lesson, on its own as it would be outside
// the workspace, and returns what it printed.
func (r *Runner) goCommand(ctx context.Context, dir string, args ...string) ([]byte, error) {
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, 5*testLimit) // a first build may fetch modules
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	OwnGroup(cmd)
	cmd.Cancel = func() error { KillGroup(cmd.Process.Pid); return nil }
	cmd.WaitDelay = grace
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return out, ctx.Err()
	}
	return out, err
}
