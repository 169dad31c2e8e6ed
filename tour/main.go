// Command tour reads the lessons of this course: it plays their transcripts
// with real processes, and checks that what their pages say is so.
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
)

const usage = `usage: go run ./tour COMMAND [LESSON...]

  play    play what "See it run" shows, with real programs
  check   check what the lessons say about themselves
  endure  put the servers under load among hostile clients, for ten minutes or
          with -for 1m for one; -seed repeats what went wrong

A LESSON is a folder's name or its number. Without one it is all of them.
`

// commands return the exit status: 0 when all is as the pages say, 1 when it
// is not, 2 for wrong usage.
var commands = map[string]func(ctx context.Context, lessons []string, stdout, stderr io.Writer) int{
	"play":   play,
	"check":  checkPages,
	"endure": endureLoad,
}

// ownFlags are the commands that read their flags themselves.
var ownFlags = map[string]bool{"endure": true}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
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
