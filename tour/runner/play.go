package runner

import (
	"context"

	"example.com/gosockets/tour/course"
)

// listening is how a server's first line begins.
const listening = "listening on "

// Play does what the steps of file's transcript say: it starts the programs,
// types, and waits for each line that they are to print. The view is told of
// each step as it comes true.
//
// What a program prints after its last step, while it runs on, is not looked at:
// whether it has come by the end is nobody's promise. An [exit] says that there is
// nothing more.
//
// It returns a *course.Drift as soon as something else comes, ErrSkipped when a
// tool is not installed, and ctx's error when that ends. No program outlives it.
// When as many are played already as may be, it waits for its turn.
func (r *Runner) Play(ctx context.Context, file string, steps []course.Step, view View) error {
	select {
	case r.stages <- struct{}{}:
		defer func() { <-r.stages }()
	case <-ctx.Done():
		return ctx.Err()
	}
	s, err := r.Stage(file, steps, view)
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Do(ctx, steps...)
}
