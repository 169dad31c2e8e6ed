// Command tour is the course in a browser, where its lessons can be read, run and
// proven. It also plays prepared runs in a terminal, and checks that what the
// lessons' pages say is so.
//
// Its parts, in the order in which they build on each other: course reads the
// lessons and the prepared runs of the folder runs, wire is the relay that stands
// between two programs, runner puts programs on a stage and does the steps of a
// run, page makes HTML of what the lessons are made of, web serves it and lets a
// browser direct a stage, check holds the course to what it says, and bench and
// endure measure its programs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

const usage = `usage: go run ./tour [COMMAND [LESSON...]]

  (none)   open the course in a browser
  play     play the prepared runs in the terminal, and show what crosses the wire
  check    check what the lessons say about themselves
  bench    measure the lessons side by side with Python and with bare loops, for
           some minutes; with -quick small and at once, to see that it works
  endure   put the servers under load among hostile clients, for ten minutes or
           with -for 1m for one; -seed repeats what went wrong

A LESSON is a folder's name or its number. Without one it is all of them.
`

// commands return the exit status: 0 when all is as the pages say, 1 when it
// is not, 2 for wrong usage.
var commands = map[string]func(ctx context.Context, lessons []string, stdout, stderr io.Writer) int{
	"":       show,
	"play":   play,
	"check":  checkPages,
	"bench":  benchmark,
	"endure": endureLoad,
}

// ownFlags are the commands that read their flags themselves.
var ownFlags = map[string]bool{"bench": true, "endure": true}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	name := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	if ownFlags[name] {
		return commands[name](ctx, args, stdout, stderr)
	}
	flags := flag.NewFlagSet("tour", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {} // what Parse would print is printed below
	err := flags.Parse(args)
	command, known := commands[name]
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil || !known:
		fmt.Fprint(stderr, usage)
		return 2
	}
	return command(ctx, flags.Args(), stdout, stderr)
}
