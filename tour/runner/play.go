package runner

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"example.com/gosockets/tour/course"
)

// listening is how a server's first line begins.
const listening = "listening on "

// Play does what the steps of file's transcript say: it starts the programs,
// types, and waits for each line that they are to print. It calls show with
// each step as it comes true, with the real addresses in it.
//
// It returns a *course.Drift as soon as something else comes, ErrSkipped when a
// tool is not installed, and ctx's error when that ends. No program outlives it.
func (r *Runner) Play(ctx context.Context, file string, steps []course.Step, show func(course.Step)) error {
	if err := missing(steps); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(r.temp, "")
	if err != nil {
		return fmt.Errorf("playing %s: %w", file, err)
	}
	defer os.RemoveAll(temp) // after stop
	dir := filepath.Join(temp, "course")
	if err := r.stage(dir, steps); err != nil {
		return fmt.Errorf("playing %s: %w", file, err)
	}
	p := &player{
		runner:    r,
		file:      file,
		show:      show,
		terminals: map[string]*program{},
		changed:   make(chan struct{}, 1),
		dir:       dir,
		names:     newNames(temp),
	}
	defer p.stop()
	for i, step := range steps {
		p.step = step
		if err := p.do(ctx, steps[i+1:]); err != nil {
			return err
		}
	}
	for _, terminal := range slices.Sorted(maps.Keys(p.terminals)) {
		if err := p.silent(terminal); err != nil {
			return err
		}
	}
	return nil
}

// stage makes dir look like the course's root, with copies of the lessons that
// the steps name, so that programs which write files leave the course as it is
// and find it the same each time.
func (r *Runner) stage(dir string, steps []course.Step) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	for _, lesson := range r.course.Lessons {
		named := func(s course.Step) bool {
			return s.Action == course.Start && strings.Contains(s.Text, lesson.Name+"/")
		}
		if slices.ContainsFunc(steps, named) {
			if err := os.CopyFS(filepath.Join(dir, lesson.Name), os.DirFS(lesson.Dir)); err != nil {
				return err
			}
		}
	}
	return nil
}

// A player is in the middle of a transcript. It goes through the steps one by
// one, and waits for each before the next: what a program prints early stays
// in its output until the transcript comes to it.
type player struct {
	runner    *Runner
	file      string
	show      func(course.Step)
	dir       string              // the working directory of all programs
	step      course.Step         // the one being done
	terminals map[string]*program // the latest in each
	changed   chan struct{}       // signalled by the programs
	names     *names
	server    string // the real address of the latest server
}

func (p *player) do(ctx context.Context, following []course.Step) error {
	program := p.terminals[p.step.Terminal] // nil only before a Start
	real := p.step
	var err error
	switch p.step.Action {
	case course.Start:
		real.Text, err = p.start(ctx, banner(p.step.Terminal, following))
	case course.Type:
		p.show(real) // the answer can be there before Write returns
		if _, err := io.WriteString(program.stdin, p.step.Text+"\n"); err != nil {
			return p.drift("expected %s to read what is typed, but it no longer does: %v", p.step.Terminal, err)
		}
		return nil
	case course.EndInput:
		program.told = true
		_ = program.stdin.Close() // it may have ended: then it is closed already
	case course.Interrupt:
		program.told = true
		program.interrupt()
	case course.Exit:
		err = p.exit(ctx, program)
	case course.Print:
		real.Text, err = p.print(ctx, program)
	}
	if err == nil {
		p.show(real)
	}
	return err
}

// banner returns what the program that starts in terminal prints first, if that
// is a server's first line.
func banner(terminal string, following []course.Step) string {
	for _, step := range following {
		if step.Terminal == terminal {
			if step.Action == course.Print && strings.HasPrefix(step.Text, listening) {
				return step.Text
			}
			return ""
		}
	}
	return ""
}

// start starts the step's program once the one before it in the same terminal
// has ended, and returns the command as a person could type it.
func (p *player) start(ctx context.Context, banner string) (string, error) {
	if before := p.terminals[p.step.Terminal]; before != nil {
		if err := p.end(ctx, before); err != nil {
			return "", err
		}
	}
	argv, err := p.argv(ctx, p.step.Text, banner)
	if err != nil {
		return "", err
	}
	program, err := start(p.dir, argv, p.changed)
	if err != nil {
		return "", err
	}
	p.terminals[p.step.Terminal] = program
	return display(p.step.Text, argv), nil
}

// display is the transcript's command with the arguments that it really got.
func display(command string, argv []string) string {
	words := strings.Fields(command)
	switch words[0] {
	case "go":
		return strings.Join(append(words[:3:3], argv[1:]...), " ")
	case "python3":
		return strings.Join(append(words[:2:2], argv[3:]...), " ")
	default:
		return strings.Join(argv, " ")
	}
}
