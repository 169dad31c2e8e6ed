package runner

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/wire"
)

// A View is told what happens on a stage, while it happens. Its functions are
// called by several goroutines; one that is nil is not called.
type View struct {
	Step  func(course.Step)                     // a step has come true, with real addresses
	Print func(terminal string, printed []byte) // as it comes, in any pieces, only during the call
	Ended func(terminal string, status int)     // after the last Print
	Wire  func(wire.Event)                      // what crosses, before it arrives; blocks the wire
}

// A Stage is where programs perform: a folder with copies of the lessons, so
// that programs which write files leave the course as it is and find it the same
// each time, and in it a program for each terminal. If the view has Wire, or a
// step is about the wire, a relay stands before each server. Its methods are for one goroutine at a time.
type Stage struct {
	runner    *Runner
	view      View
	file      string // where the steps are from
	temp      string
	dir       string              // the working directory of all programs
	step      course.Step         // the one being done
	terminals map[string]*program // the latest in each
	changed   chan struct{}       // signalled by the programs and by the wire
	names     *names
	server    string      // the transcript's address of the latest server
	before    *wire.Relay // of the server that starts again
	wire      tap
}

// Stage makes a stage for the lessons that the steps of file name. Close it. When
// a tool is not installed that the steps need, it returns ErrSkipped.
func (r *Runner) Stage(file string, steps []course.Step, view View) (*Stage, error) {
	if err := missing(steps); err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp(r.temp, "")
	if err != nil {
		return nil, fmt.Errorf("playing %s: %w", file, err)
	}
	dir := filepath.Join(temp, "course")
	err = os.Mkdir(dir, 0o700)
	if err == nil {
		err = r.copyLessons(dir, steps)
	}
	if err != nil {
		os.RemoveAll(temp)
		return nil, fmt.Errorf("playing %s: %w", file, err)
	}
	if view.Wire == nil && slices.ContainsFunc(steps, func(s course.Step) bool { return s.Terminal == course.Wire }) {
		view.Wire = func(wire.Event) {}
	}
	return &Stage{
		runner:    r,
		view:      view,
		file:      file,
		temp:      temp,
		dir:       dir,
		terminals: map[string]*program{},
		changed:   make(chan struct{}, 1),
		names:     newNames(temp),
		wire:      tap{started: time.Now()},
	}, nil
}

// copyLessons makes dir look like the course's root.
func (r *Runner) copyLessons(dir string, steps []course.Step) error {
	for _, lesson := range r.course.Lessons {
		named := func(s course.Step) bool {
			return s.Action == course.Start && strings.Contains(s.Text, lesson.Name)
		}
		if slices.ContainsFunc(steps, named) {
			if err := lesson.Copy(filepath.Join(dir, lesson.Name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Close ends what still runs, first with an interrupt, as a person would, then
// by force, and removes the folder.
func (s *Stage) Close() error {
	var stopping sync.WaitGroup
	for _, program := range s.terminals {
		stopping.Go(func() { program.stop(s.runner.grace) })
	}
	stopping.Wait()
	s.wire.close()
	s.names.close()
	return os.RemoveAll(s.temp)
}

// Do does the steps, one by one, each once the one before has come true.
//
// It returns a *course.Drift as soon as something else comes, and ctx's error
// when that ends.
func (s *Stage) Do(ctx context.Context, steps ...course.Step) error {
	for i, step := range steps {
		s.step = step
		if err := s.do(ctx, steps[i+1:]); err != nil {
			return err
		}
	}
	return nil
}

// Again does steps that start the latest program of a terminal once more, from
// what the lesson's files are now. It is an error while that program runs.
func (s *Stage) Again(ctx context.Context, steps ...course.Step) error {
	s.step = steps[0]
	program := s.terminals[s.step.Terminal]
	switch {
	case program == nil:
		return s.drift("no program was started in %s", s.step.Terminal)
	case !program.isOver():
		return s.drift("the program in %s still runs", s.step.Terminal)
	}
	program.output.ignore()
	if err := s.runner.copyLessons(s.dir, steps); err != nil {
		return fmt.Errorf("starting it again: %w", err)
	}
	return s.Do(ctx, steps...)
}

func (s *Stage) do(ctx context.Context, following []course.Step) error {
	if s.step.Terminal == course.Wire {
		return s.doWire(ctx)
	}
	program := s.terminals[s.step.Terminal]
	if program == nil && s.step.Action != course.Start {
		return s.drift("no program runs in %s", s.step.Terminal)
	}
	switch s.step.Action {
	case course.Start:
		return s.start(ctx, banner(s.step.Terminal, following))
	case course.Type:
		s.show(s.step) // before it has effects, as below
		err := program.write(ctx, s.step.Text+"\n", s.runner.patience)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return s.drift("expected %s to read what is typed: %v", s.step.Terminal, err)
		}
	case course.EndInput:
		s.show(s.step)
		program.told = true
		_ = program.stdin.Close() // it may have ended: then it is closed already
	case course.Interrupt:
		s.show(s.step)
		program.told = true
		again := pressAgain
		if program.inGo {
			again = 0
		}
		program.interrupt(again)
	case course.Kill:
		s.show(s.step)
		program.signal(killKept)
	case course.Rest:
		program.output.ignore()
		s.show(s.step)
	case course.Exit:
		if err := s.exit(ctx, program); err != nil {
			return err
		}
		s.show(s.step)
	case course.Print:
		line, err := s.print(ctx, program)
		if err != nil {
			return err
		}
		s.step.Text = line
		s.show(s.step)
	}
	return nil
}

func (s *Stage) show(step course.Step) {
	if s.view.Step != nil {
		s.view.Step(step)
	}
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
// has ended, and shows the command as a person could type it. A server that comes
// back gets another port, since the system may not give it its own so soon. Its
// relay keeps the port that clients know.
func (s *Stage) start(ctx context.Context, banner string) error {
	if before := s.terminals[s.step.Terminal]; before != nil {
		if err := s.end(ctx, before); err != nil {
			return err
		}
		if banner != "" {
			s.before = before.relay
		}
	}
	s.forgetEnded(banner != "")
	folder, command := inFolder(s.step.Text)
	argv, err := s.argv(ctx, command, banner)
	if err != nil {
		return err
	}
	s.step.Text = display(s.step.Text, argv)
	s.show(s.step) // it can print before start returns
	program, err := start(filepath.Join(s.dir, folder), argv, s.changed, s.step.Terminal, s.view)
	if err != nil {
		return err
	}
	program.inGo = strings.HasPrefix(s.step.Text, "go ")
	s.terminals[s.step.Terminal] = program
	return nil
}

// forgetEnded takes the names of servers that have ended away from their ports,
// which may be another's by now. Where a relay stood before one nobody else can be
// found, so that its name is kept until another server comes.
func (s *Stage) forgetEnded(another bool) {
	running := map[string]bool{} // the servers of a group share their address
	for _, program := range s.terminals {
		running[program.addr] = running[program.addr] || !program.isOver()
	}
	for _, program := range s.terminals {
		if (another || program.relay == nil) && !running[program.addr] {
			s.names.forget(program.addr)
		}
	}
}

// display is the transcript's command with the arguments that it really got.
func display(command string, argv []string) string {
	words := strings.Fields(command)
	folder, _ := inFolder(command)
	switch {
	case folder != "":
		return strings.Join(append(words[:5:5], argv[1:]...), " ")
	case words[0] == "go":
		return strings.Join(append(words[:3:3], argv[1:]...), " ")
	case words[0] == "python3":
		return strings.Join(append(words[:2:2], argv[3:]...), " ")
	default:
		return strings.Join(argv, " ")
	}
}
