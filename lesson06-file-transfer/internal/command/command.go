// Package command is what the lesson's programs share that is not about
// sockets: flags, exit status, prompt and Ctrl-C.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"text/tabwriter"
	"time"

	"golang.org/x/term"
)

// The exit status of every program of the course.
const (
	statusDone   = 0 // the work is done, or Ctrl-C ended it
	statusFailed = 1
	statusUsage  = 2 // the command line is wrong
)

// Parse reads the command line into flags, which have to be made with
// flag.ContinueOnError. -h prints a line for each flag and ends the program
// with status 0; anything that is not a flag ends it with status 2.
func Parse(flags *flag.FlagSet) {
	if args := ParseArgs(flags); len(args) > 0 {
		Fail(flags, Usagef("unexpected argument %q", args[0]))
	}
}

// ParseArgs is Parse for a program that takes arguments behind its flags.
func ParseArgs(flags *flag.FlagSet) []string {
	flags.SetOutput(io.Discard)
	err := flags.Parse(os.Args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		printHelp(flags, os.Stdout)
		os.Exit(statusDone)
	case err != nil:
		Fail(flags, Usagef("%v", err))
	}
	return flags.Args()
}

func printHelp(flags *flag.FlagSet, out io.Writer) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	flags.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		if f.DefValue != "" && f.DefValue != "false" {
			usage += " (default " + f.DefValue + ")"
		}
		fmt.Fprintf(table, "  -%s %s\t%s\n", f.Name, value, usage)
	})
	table.Flush()
}

// Positive defines a flag for a duration of more than 0.
func Positive(flags *flag.FlagSet, name string, value time.Duration, usage string) *time.Duration {
	flags.Var((*positive)(&value), name, usage)
	return &value
}

type positive time.Duration

func (p *positive) String() string { return time.Duration(*p).String() }

func (p *positive) Set(s string) error {
	d, err := time.ParseDuration(s)
	if err == nil && d <= 0 {
		err = errors.New("must be more than 0")
	}
	*p = positive(d)
	return err
}

// Usagef returns an error for which Fail ends the program with status 2.
func Usagef(format string, args ...any) error {
	return usageError{fmt.Errorf(format+" (-h lists the flags)", args...)}
}

type usageError struct{ error }

// Fail ends the program with one line on standard error that says what failed
// and what to do, and with status 2 for wrong usage or 1 for anything else.
func Fail(flags *flag.FlagSet, err error) {
	fmt.Fprintf(os.Stderr, "%s: %s\n", flags.Name(), explain(err))
	if isUsage(err) {
		os.Exit(statusUsage)
	}
	os.Exit(statusFailed)
}

// Interruptible returns what work returns. When Ctrl-C is pressed it closes c,
// which ends work, shows how far work was, and returns nil. It does not wait for
// work that itself waits for the person.
func Interruptible(c io.Closer, work func() error) error {
	interrupt, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- work() }()
	select {
	case err := <-done:
		return err
	case <-interrupt.Done():
	}
	c.Close() // nothing is left to do with an error here
	select {
	case err := <-done:
		if err != nil {
			fmt.Println("interrupted:", err)
		}
	case <-time.After(time.Second):
	}
	return nil
}

// Stdin is what the person types. On a terminal it shows a prompt before each
// line; from a pipe or a file it reads without one.
func Stdin() io.Reader {
	if OnTerminal(os.Stdin) {
		return prompting{os.Stdin}
	}
	return os.Stdin
}

// OnTerminal reports whether file is a terminal.
func OnTerminal(file *os.File) bool { return term.IsTerminal(int(file.Fd())) }

// prompting relies on a terminal handing over one line a Read.
type prompting struct{ in io.Reader }

func (p prompting) Read(buf []byte) (int, error) {
	fmt.Print(">>> ")
	return p.in.Read(buf)
}
