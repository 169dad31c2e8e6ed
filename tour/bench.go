package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"example.com/gosockets/tour/bench"
)

// benchmark measures the lessons side by side with other ways to do the same,
// and prints the tables of the root README.
func benchmark(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var flags flag.FlagSet
	quick := flags.Bool("quick", false, "")
	lessons, r, status, ok := open(&flags, args, stdout, stderr)
	if !ok {
		return status
	}
	defer r.Close()
	if len(lessons) < len(r.Course().Lessons) { // it measures all or nothing
		fmt.Fprint(stderr, usage)
		return 2
	}
	err := bench.Run(ctx, r, *quick, stdout, stderr)
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "tour: interrupted")
		return 1
	case err != nil:
		fmt.Fprintln(stderr, "tour:", err)
		return 1
	}
	return 0
}
