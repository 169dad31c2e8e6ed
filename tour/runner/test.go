package runner

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// testOutput is how many bytes of what a test prints are kept: its last words.
const testOutput = 16 << 10

// A Result is how one test has ended. Those below another, TestX/case, count for
// that one.
type Result struct {
	Test   string
	Ended  string // "pass", "fail" or "skip"
	Output string
}

// Test runs the named tests of the package in dir. The package, and what its tests
// build, are as the go command's overlay file has them, unless overlay is "". Test
// returns how each test that ran ended and everything that was printed. A package
// that does not compile has no results.
func (r *Runner) Test(ctx context.Context, dir, overlay string, names []string) (results map[string]string, output string, err error) {
	results = map[string]string{}
	var printed strings.Builder
	rest, err := r.test(ctx, dir, overlay, ".", testLimit.String(), names, func(result Result) {
		results[result.Test] = result.Ended
		printed.WriteString(result.Output)
	})
	return results, printed.String() + rest, err
}

// Prove runs the named tests of all the lesson's packages, or all tests when none
// is named, and calls show with each as it ends. It returns what was printed that
// belongs to no test, such as the errors of a compiler.
func (r *Runner) Prove(ctx context.Context, dir string, names []string, show func(Result)) (output string, err error) {
	return r.test(ctx, dir, "", "./...", (5 * testLimit).String(), names, show)
}

func (r *Runner) test(ctx context.Context, dir, overlay, packages, limit string, names []string, show func(Result)) (string, error) {
	events := &testEvents{show: show, printed: map[string]tail{}}
	err := r.goCommand(ctx, dir, overlay, events, "test", "-json", "-vet=off", // vet has its say elsewhere
		"-timeout", limit, "-run", pattern(names), packages)
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) { // that a test fails is a result
		return "", fmt.Errorf("running the tests: %w", err)
	}
	return events.printed[""].String(), nil
}

// Benchmark runs the benchmarks of the package in dir whose names match the
// pattern, each for about benchTime ("100ms") or so many times ("10x"), and
// returns what they print.
func (r *Runner) Benchmark(ctx context.Context, dir, pattern, benchTime string) (string, error) {
	var out bytes.Buffer
	err := r.goCommand(ctx, dir, "", &out, "test", "-vet=off", "-run", "^$", "-bench", pattern, "-benchtime", benchTime, "-benchmem", ".")
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out.Bytes())
	}
	return out.String(), nil
}

func pattern(names []string) string {
	if len(names) == 0 {
		return "." // any name
	}
	return "^(" + strings.Join(names, "|") + ")$"
}

// testEvents reads what "go test -json" prints.
type testEvents struct {
	show    func(Result)
	printed map[string]tail // by each test; what belongs to none is under ""
	rest    []byte          // a line that has begun
}

// Write takes a piece of the output, which can end anywhere.
func (e *testEvents) Write(piece []byte) (int, error) {
	e.rest = append(e.rest, piece...)
	for {
		line, rest, whole := bytes.Cut(e.rest, []byte("\n"))
		if !whole {
			return len(piece), nil
		}
		e.line(line)
		e.rest = rest
	}
}

func (e *testEvents) line(line []byte) {
	var event struct{ Action, Test, Output string }
	if json.Unmarshal(line, &event) != nil {
		event.Output = string(line) + "\n" // what the go command itself has to say
	}
	test, _, below := strings.Cut(event.Test, "/")
	if event.Output != "" {
		e.printed[test] = e.printed[test].add(event.Output)
	}
	switch event.Action {
	case "pass", "fail", "skip":
		if test != "" && !below {
			e.show(Result{test, event.Action, e.printed[test].String()})
			delete(e.printed, test)
		}
	}
}

// A tail is the end of a text, at most testOutput bytes.
type tail string

func (t tail) add(text string) tail {
	t += tail(text)
	return t[max(0, len(t)-testOutput):]
}

func (t tail) String() string { return string(t) }
