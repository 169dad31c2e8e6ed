package runner

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/gosockets/tour/course"
)

var errLate = errors.New("nothing more came in time")

// await returns once done says so. It asks at once and after every change, and
// returns errLate when the safety net catches it.
func (s *Stage) await(ctx context.Context, done func() bool) error {
	late := time.NewTimer(s.runner.patience)
	defer late.Stop()
	for !done() {
		select {
		case <-s.changed:
		case <-late.C:
			if done() { // both had come
				return nil
			}
			return errLate
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// print waits for the step's line and returns it as it came.
func (s *Stage) print(ctx context.Context, program *program) (string, error) {
	var came string
	var right, wrong bool
	err := s.await(ctx, func() bool {
		ended := program.hasEnded() // asked first, so that what it printed last is seen
		program.output.next(func(line string, whole bool) bool {
			came = s.local(line)
			right = s.names.matches(s.step.Text, came)
			wrong = !right && (whole || ended)
			return right
		})
		return right || wrong || ended
	})
	expected := fmt.Sprintf("expected %s to print %q, ", s.step.Terminal, s.step.Text)
	switch {
	case program.output.overflown():
		return "", s.drift("%sit printed more than %d bytes", expected, outputLimit)
	case right:
		if addr, ok := strings.CutPrefix(came, listening); ok {
			return came, s.open(addr, program)
		}
		return came, nil
	case wrong:
		return "", s.drift("%sit printed %q", expected, short(s.names.translate(came)))
	case errors.Is(err, errLate):
		return "", s.drift("%snothing came within %v%s", expected, s.runner.patience, s.elsewhere())
	case err != nil:
		return "", err
	default:
		return "", s.drift("%sit ended with status %d%s", expected, program.status, s.elsewhere())
	}
}

// exit waits for the program's end and compares the status.
func (s *Stage) exit(ctx context.Context, program *program) error {
	if err := s.end(ctx, program); err != nil {
		return err
	}
	if status := strconv.Itoa(program.status); status != s.step.Text {
		return s.drift("expected %s to end with status %s, it ended with %s", s.step.Terminal, s.step.Text, status)
	}
	return nil
}

// end waits until the program has ended, with nothing left to say.
func (s *Stage) end(ctx context.Context, program *program) error {
	err := s.await(ctx, program.hasEnded)
	if errors.Is(err, errLate) {
		return s.drift("expected %s to have ended, it still runs after %v%s", s.step.Terminal, s.runner.patience, s.elsewhere())
	}
	if err != nil {
		return err
	}
	return s.silent(s.step.Terminal)
}

// traceback is how Python's answer to ^C and to ^D begins. The rest of it changes
// with Python's version, so that a transcript may leave all of it out.
const traceback = "Traceback (most recent call last):"

// silent returns a drift when the terminal shows a line that the transcript
// does not have.
func (s *Stage) silent(terminal string) error {
	line, ok := s.unread(terminal)
	if ok && !(s.terminals[terminal].told && line == traceback) {
		return s.drift("%s printed %q, which is not in the transcript", terminal, line)
	}
	return nil
}

// elsewhere tells what the terminals show that the transcript has not come to:
// most often the reason for what is missing.
func (s *Stage) elsewhere() string {
	var told strings.Builder
	for _, terminal := range slices.Sorted(maps.Keys(s.terminals)) {
		if line, ok := s.unread(terminal); ok {
			fmt.Fprintf(&told, "; %s printed %q", terminal, line)
		}
	}
	return told.String()
}

// unread returns the terminal's next line and leaves it where it is.
func (s *Stage) unread(terminal string) (line string, ok bool) {
	s.terminals[terminal].output.next(func(next string, _ bool) bool {
		line, ok = short(s.names.translate(s.local(next))), true
		return false
	})
	return line, ok
}

// local takes the place where the programs run out of a line: a traceback names
// files by where they are.
func (s *Stage) local(line string) string {
	return strings.ReplaceAll(line, s.dir+string(os.PathSeparator), "")
}

// short is the beginning of a line that is too long to be shown.
func short(line string) string {
	const limit = 200
	if len(line) > limit {
		return line[:limit] + "…"
	}
	return line
}

func (s *Stage) drift(format string, args ...any) error {
	return &course.Drift{File: s.file, Line: s.step.Line, Text: fmt.Sprintf(format, args...)}
}
