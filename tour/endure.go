package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"example.com/gosockets/tour/endure"
)

// endureLoad puts the lessons' servers under load, all at once, and prints a
// line for each.
func endureLoad(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("endure", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {} // what Parse would print is printed below
	duration := flags.Duration("for", 10*time.Minute, "")
	seed := flags.Uint64("seed", rand.Uint64(), "")
	names, err := interspersed(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return 0
	}
	if err != nil || *duration <= 0 {
		fmt.Fprint(stderr, usage)
		return 2
	}
	_, lessons, r, status := open(names, stderr)
	if status != 0 {
		return status
	}
	defer r.Close()
	if note := endure.Note(); note != "" {
		fmt.Fprintln(stdout, note)
	}
	reports := make([]endure.Report, len(lessons))
	var enduring sync.WaitGroup
	for i, lesson := range lessons {
		enduring.Go(func() { reports[i] = endure.Lesson(ctx, r, lesson, *duration, *seed) })
	}
	enduring.Wait()
	if ctx.Err() != nil {
		fmt.Fprintln(stderr, "tour: interrupted")
		return 1
	}
	for _, report := range reports {
		fmt.Fprintln(stdout, report)
		if len(report.Faults) > 0 {
			status = 1
		}
	}
	return status
}

// interspersed parses flags that may stand before and behind other arguments,
// and returns those.
func interspersed(flags *flag.FlagSet, args []string) (others []string, err error) {
	for {
		if err := flags.Parse(args); err != nil || flags.NArg() == 0 {
			return others, err
		}
		others, args = append(others, flags.Arg(0)), flags.Args()[1:]
	}
}
