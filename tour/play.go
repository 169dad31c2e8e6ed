package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/runner"
)

// open finds the course around the working directory, the lessons that are
// named in it, and a runner for them. When it cannot it says why and returns
// the exit status.
func open(names []string, stderr io.Writer) (c *course.Course, lessons []*course.Lesson, r *runner.Runner, status int) {
	c, err := course.Open(".")
	if err != nil {
		fmt.Fprintln(stderr, "tour:", err)
		return nil, nil, nil, 1
	}
	if lessons, err = c.Select(names); err != nil {
		fmt.Fprintln(stderr, "tour:", err)
		return nil, nil, nil, 2
	}
	if r, err = runner.New(c); err != nil {
		fmt.Fprintln(stderr, "tour:", err)
		return nil, nil, nil, 1
	}
	return c, lessons, r, 0
}

// play plays the transcripts of "See it run", lesson after lesson, and shows
// every line as it comes.
func play(ctx context.Context, names []string, stdout, stderr io.Writer) int {
	c, lessons, r, status := open(names, stderr)
	if status != 0 {
		return status
	}
	defer r.Close()
	for _, lesson := range lessons {
		if !playLesson(ctx, c, r, lesson, stdout, stderr) {
			status = 1
		}
		if ctx.Err() != nil {
			fmt.Fprintln(stderr, "tour: interrupted")
			return 1
		}
	}
	return status
}

func playLesson(ctx context.Context, c *course.Course, r *runner.Runner, lesson *course.Lesson, stdout, stderr io.Writer) bool {
	page, err := c.Page(lesson.README())
	if err != nil {
		fmt.Fprintln(stderr, "tour:", err)
		return false
	}
	fmt.Fprintf(stdout, "\n%s: %s\n", lesson.Name, page.Title)
	good := true
	for _, block := range page.Section("See it run").BlocksOf("console") {
		fmt.Fprintf(stdout, "\n%s:%d\n", page.File, block.Line)
		err := playBlock(ctx, r, page.File, block, stdout)
		switch {
		case ctx.Err() != nil:
			return false // the programs did not come to their end
		case errors.Is(err, runner.ErrSkipped):
			fmt.Fprintln(stdout, err)
		case err != nil:
			fmt.Fprintln(stderr, err)
			good = false
		}
	}
	return good
}

func playBlock(ctx context.Context, r *runner.Runner, file string, block course.Block, stdout io.Writer) error {
	steps, err := block.Transcript(file)
	if err != nil {
		return err
	}
	width := strings.Index(block.Lines[0], "|") // the bars stand in one column
	return r.Play(ctx, file, steps, func(step course.Step) {
		fmt.Fprintf(stdout, "%-*s| %s\n", width, step.Terminal, step)
	})
}
