package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"sync"

	"example.com/gosockets/tour/check"
)

// checkPages checks the lessons, all at once, and the pages at the root, and
// prints a line for each place where they have come apart.
func checkPages(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	lessons, r, status, ok := open(new(flag.FlagSet), args, stdout, stderr)
	if !ok {
		return status
	}
	defer r.Close()
	reports := make([]check.Report, 2*len(lessons))
	var checking sync.WaitGroup
	for i, lesson := range lessons {
		checking.Go(func() { reports[2*i] = check.Lesson(ctx, r, lesson) })
		checking.Go(func() { reports[2*i+1] = check.Runs(ctx, r, lesson) })
	}
	checking.Wait()
	if ctx.Err() != nil { // the reports are of what could no longer be run
		fmt.Fprintln(stderr, "tour: interrupted")
		return 1
	}
	for _, page := range check.FrontDoors {
		reports = append(reports, check.FrontDoor(r.Course(), page))
	}
	found := 0
	for _, report := range reports {
		for _, note := range report.Notes {
			fmt.Fprintln(stdout, note)
		}
		for _, drift := range report.Drifts {
			fmt.Fprintln(stdout, drift.Error())
		}
		found += len(report.Drifts)
	}
	fmt.Fprintf(stdout, "%s and %s at the root: ", count(len(lessons), "lesson"), count(len(check.FrontDoors), "page"))
	if found > 0 {
		fmt.Fprintln(stdout, count(found, "drift"))
		return 1
	}
	fmt.Fprintln(stdout, "all is as they say")
	return 0
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprint(n, " ", noun)
}
