package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"sync"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/runner"
	"example.com/gosockets/tour/wire"
)

// play plays the prepared runs, lesson after lesson, and shows every line as it
// comes, and what crosses the wire.
func play(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	lessons, r, status, ok := open(new(flag.FlagSet), args, stdout, stderr)
	if !ok {
		return status
	}
	defer r.Close()
	for _, lesson := range lessons {
		runs, err := r.Course().Runs(lesson)
		if err != nil {
			fmt.Fprintln(stderr, "tour:", err)
			status = 1
			continue
		}
		fmt.Fprintf(stdout, "\n%s\n", lesson.Name)
		for _, run := range runs.Runs {
			fmt.Fprintf(stdout, "\n%s\n%s\n", run.Title, run.Text)
			for _, way := range run.Ways {
				fmt.Fprintf(stdout, "\n-- %s: %s\n", run.Title, way.Name)
				err := playWay(ctx, r, lesson.Runs(), way, stdout)
				switch {
				case ctx.Err() != nil:
					fmt.Fprintln(stderr, "tour: interrupted")
					return 1
				case errors.Is(err, runner.ErrSkipped):
					fmt.Fprintln(stdout, err)
				case err != nil:
					fmt.Fprintln(stderr, err)
					status = 1
				}
			}
		}
	}
	return status
}

// playWay plays one transcript. Its lines come in the transcript's order; what
// crosses the wire stands where it happens.
func playWay(ctx context.Context, r *runner.Runner, file string, way course.Way, stdout io.Writer) error {
	width := len(course.Wire)
	for _, step := range way.Steps {
		width = max(width, len(step.Terminal))
	}
	var mu sync.Mutex
	line := func(terminal, text string) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(stdout, "%-*s | %s\n", width, terminal, text)
	}
	return r.Play(ctx, file, way.Steps, runner.View{
		Step: func(step course.Step) { line(step.Terminal, step.String()) },
		Wire: func(e wire.Event) { line(course.Wire, e.String()) },
	})
}
