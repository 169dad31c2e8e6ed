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
	"sync"
	"time"

	"example.com/gosockets/tour/course"
)

var errLate = errors.New("nothing more came in time")

// await returns once done says so. It asks at once and after every change;
// ended is whether the program had ended before it asks, so that what a program
// printed last is seen. It returns errLate when the safety net catches it.
func (p *player) await(ctx context.Context, program *program, done func(ended bool) bool) error {
	late := time.NewTimer(p.runner.patience)
	defer late.Stop()
	for !done(program.hasEnded()) {
		select {
		case <-p.changed:
		case <-late.C:
			return errLate
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// print waits for the step's line and returns it as it came.
func (p *player) print(ctx context.Context, program *program) (string, error) {
	var came string
	var right, wrong bool
	err := p.await(ctx, program, func(ended bool) bool {
		program.output.next(func(line string, whole bool) bool {
			came = p.local(line)
			right = p.names.matches(p.step.Text, came)
			wrong = !right && (whole || ended)
			return right
		})
		return right || wrong || ended
	})
	expected := fmt.Sprintf("expected %s to print %q, ", p.step.Terminal, p.step.Text)
	switch {
	case program.output.overflown():
		return "", p.drift("%sit printed more than %d bytes", expected, outputLimit)
	case right:
		if strings.HasPrefix(came, listening) {
			p.server = strings.TrimPrefix(came, listening)
		}
		return came, nil
	case wrong:
		return "", p.drift("%sit printed %q", expected, short(p.names.translate(came)))
	case errors.Is(err, errLate):
		return "", p.drift("%snothing came within %v%s", expected, p.runner.patience, p.elsewhere())
	case err != nil:
		return "", err
	default:
		return "", p.drift("%sit ended with status %d%s", expected, program.status, p.elsewhere())
	}
}

// exit waits for the program's end and compares the status.
func (p *player) exit(ctx context.Context, program *program) error {
	if err := p.end(ctx, program); err != nil {
		return err
	}
	if status := strconv.Itoa(program.status); status != p.step.Text {
		return p.drift("expected %s to end with status %s, it ended with %s", p.step.Terminal, p.step.Text, status)
	}
	return nil
}

// end waits until the program has ended, with nothing left to say.
func (p *player) end(ctx context.Context, program *program) error {
	err := p.await(ctx, program, func(ended bool) bool { return ended })
	if errors.Is(err, errLate) {
		return p.drift("expected %s to have ended, it still runs after %v%s", p.step.Terminal, p.runner.patience, p.elsewhere())
	}
	if err != nil {
		return err
	}
	return p.silent(p.step.Terminal)
}

// traceback is how Python's answer to ^C and to ^D begins. The rest of it changes
// with Python's version, so that a transcript may leave all of it out.
const traceback = "Traceback (most recent call last):"

// silent returns a drift when the terminal shows a line that the transcript
// does not have.
func (p *player) silent(terminal string) error {
	line, ok := p.unread(terminal)
	if ok && !(p.terminals[terminal].told && line == traceback) {
		return p.drift("%s printed %q, which is not in the transcript", terminal, line)
	}
	return nil
}

// elsewhere tells what the terminals show that the transcript has not come to:
// most often the reason for what is missing.
func (p *player) elsewhere() string {
	var told strings.Builder
	for _, terminal := range slices.Sorted(maps.Keys(p.terminals)) {
		if line, ok := p.unread(terminal); ok {
			fmt.Fprintf(&told, "; %s printed %q", terminal, line)
		}
	}
	return told.String()
}

// unread returns the terminal's next line and leaves it where it is.
func (p *player) unread(terminal string) (line string, ok bool) {
	p.terminals[terminal].output.next(func(next string, _ bool) bool {
		line, ok = short(p.names.translate(p.local(next))), true
		return false
	})
	return line, ok
}

// local takes the place where the programs run out of a line: a traceback names
// files by where they are.
func (p *player) local(line string) string {
	return strings.ReplaceAll(line, p.dir+string(os.PathSeparator), "")
}

// short is the beginning of a line that is too long to be shown.
func short(line string) string {
	const limit = 200
	if len(line) > limit {
		return line[:limit] + "…"
	}
	return line
}

func (p *player) drift(format string, args ...any) error {
	return &course.Drift{File: p.file, Line: p.step.Line, Text: fmt.Sprintf(format, args...)}
}

// stop ends what still runs: first with an interrupt, as a person would, then
// by force.
func (p *player) stop() {
	var stopping sync.WaitGroup
	for _, program := range p.terminals {
		stopping.Go(func() { program.stop(p.runner.grace) })
	}
	stopping.Wait()
}
