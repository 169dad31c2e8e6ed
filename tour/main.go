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
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/runner"
	"example.com/gosockets/tour/web"
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
var commands = map[string]func(ctx context.Context, args []string, stdout, stderr io.Writer) int{
	"":       show,
	"play":   play,
	"check":  checkPages,
	"bench":  benchmark,
	"endure": endureLoad,
}

func main() {
	// A write to a pipe that nobody reads any more is an error then, and not the
	// end: what has been started is still to be ended.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	name := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	command, known := commands[name]
	if !known {
		fmt.Fprint(stderr, usage)
		return 2
	}
	out, errs := &reader{Writer: stdout, gone: stop}, &reader{Writer: stderr, gone: stop}
	status := command(ctx, args, out, errs)
	if err := out.err(); err != nil {
		fmt.Fprintln(errs, "tour:", err)
		return 1
	}
	return status
}

// A reader is whoever reads what the tour prints. When it has gone, all is over.
// Most of that stands in files and comes from programs, which might be anybody's:
// what would steer a terminal is shown instead of sent.
type reader struct {
	io.Writer
	gone func()

	mu     sync.Mutex
	failed error // the first error
}

func (r *reader) Write(p []byte) (int, error) {
	_, err := io.WriteString(r.Writer, web.Visible(string(p)))
	if err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.failed = cmp.Or(r.failed, err)
		r.gone()
	}
	return len(p), err // what is shown may be longer
}

func (r *reader) err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed
}

// arguments returns what args hold apart from flags, which may stand anywhere.
// When ok is false all has been said, and status is how to exit.
func arguments(flags *flag.FlagSet, args []string, stdout, stderr io.Writer) (names []string, status int, ok bool) {
	flags.Init("tour", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {} // what Parse would print is printed below
	for {
		err := flags.Parse(args)
		switch {
		case errors.Is(err, flag.ErrHelp):
			fmt.Fprint(stdout, usage)
			return nil, 0, false
		case err != nil:
			fmt.Fprint(stderr, usage)
			return nil, 2, false
		case flags.NArg() == 0:
			return names, 0, true
		}
		names, args = append(names, flags.Arg(0)), flags.Args()[1:]
	}
}

// open finds the course around the working directory, the lessons of it that args
// name, and a runner for it. When ok is false it has said why not, and status is
// how to exit.
func open(flags *flag.FlagSet, args []string, stdout, stderr io.Writer) (lessons []*course.Lesson, r *runner.Runner, status int, ok bool) {
	names, status, ok := arguments(flags, args, stdout, stderr)
	if !ok {
		return nil, nil, status, false
	}
	c, err := course.Open(".")
	status = 1
	if err == nil {
		if lessons, err = c.Select(names); err != nil {
			status = 2
		} else {
			r, err = runner.New(c)
		}
	}
	if err != nil {
		fmt.Fprintln(stderr, "tour:", err)
		return nil, nil, status, false
	}
	return lessons, r, 0, true
}
