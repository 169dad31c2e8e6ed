package main

import (
	"context"
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
	var flags flag.FlagSet
	duration := flags.Duration("for", 10*time.Minute, "")
	seed := flags.Uint64("seed", rand.Uint64(), "")
	lessons, r, status, ok := open(&flags, args, stdout, stderr)
	if !ok {
		return status
	}
	defer r.Close()
	if *duration <= 0 {
		fmt.Fprint(stderr, usage)
		return 2
	}
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
