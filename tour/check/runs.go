package check

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/runner"
	"example.com/gosockets/tour/wire"
)

// Runs checks what tour has prepared for a lesson: it plays each run, and starts
// each server with all the clients that are to meet it.
func Runs(ctx context.Context, r *runner.Runner, lesson *course.Lesson) Report {
	k := newChecker(r.Course(), lesson.Runs(), lesson)
	runs, err := r.Course().Runs(lesson)
	if err != nil {
		k.failed(0, err)
		return k.done()
	}
	var running sync.WaitGroup
	for _, run := range runs.Runs {
		for _, way := range run.Ways {
			running.Go(func() { k.playRun(ctx, r, way.Steps) })
		}
	}
	for _, exchange := range runs.Exchanges {
		for _, program := range exchange.Programs {
			if program.Side == "server" {
				running.Go(func() { k.playRun(ctx, r, meeting(program, exchange)) })
			}
		}
	}
	running.Wait()
	return k.done()
}

// playRun plays steps with a relay, as the tour does.
func (k *checker) playRun(ctx context.Context, r *runner.Runner, steps []course.Step) {
	view := runner.View{Wire: func(wire.Event) {}}
	if err := r.Play(ctx, k.page.File, steps, view); err != nil {
		k.failed(steps[0].Line, err)
	}
}

// meeting starts a server and each client of its exchange, and looks at nothing
// but that they start.
func meeting(server course.Program, exchange course.Exchange) []course.Step {
	steps := []course.Step{
		{Terminal: "server", Action: course.Start, Text: server.Command},
		{Terminal: "server", Action: course.Print, Text: "listening on 127.0.0.1:8081"},
		{Terminal: "server", Action: course.Rest},
	}
	for i, program := range exchange.Programs {
		if program.Side == "client" {
			terminal := fmt.Sprint("client ", i)
			steps = append(steps,
				course.Step{Terminal: terminal, Action: course.Start, Text: program.Command},
				course.Step{Terminal: terminal, Action: course.Rest})
		}
	}
	return steps
}

// failed notes why a transcript did not come true.
func (k *checker) failed(line int, err error) {
	var drift *course.Drift
	switch {
	case errors.As(err, &drift):
		k.add(*drift)
	case errors.Is(err, runner.ErrSkipped):
		k.note(line, "%v", err)
	default:
		k.drift(line, "%v", err)
	}
}
