package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"example.com/gosockets/tour/bench"
)

// benchmark measures the lessons side by side with other ways to do the same,
// and prints the tables of the root README.
func benchmark(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {} // what Parse would print is printed below
	quick := flags.Bool("quick", false, "")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return 0
	}
	if err != nil || flags.NArg() > 0 {
		fmt.Fprint(stderr, usage)
		return 2
	}
	c, _, r, status := open(nil, stderr)
	if status != 0 {
		return status
	}
	defer r.Close()
	err = bench.Run(ctx, c, r, *quick, stdout, stderr)
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
