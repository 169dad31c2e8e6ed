// Package command is what the course's programs share that is not about
// sockets: flags, exit status, advice, what is typed and shown, and Ctrl-C.
package command

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
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

// ParseArgs is Parse for a program that takes arguments behind its flags, and
// returns them.
func ParseArgs(flags *flag.FlagSet) []string {
	args, err := ParseLine(flags, os.Args[1:], os.Stdout)
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(statusDone)
	}
	if err != nil {
		Fail(flags, err)
	}
	return args
}

// ParseLine reads the command line args into flags and returns what stands behind
// the flags. On -h it prints the flags on help and returns flag.ErrHelp.
func ParseLine(flags *flag.FlagSet, args []string, help io.Writer) ([]string, error) {
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		printHelp(flags, help)
		return nil, err
	}
	if err != nil {
		return nil, Usagef("%v", err)
	}
	return flags.Args(), nil
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

// Between defines a flag for a whole number from low to high.
func Between(flags *flag.FlagSet, name string, value, low, high int, usage string) *int {
	n := &between{value, low, high}
	flags.Var(n, name, usage)
	return &n.value
}

type between struct{ value, low, high int }

func (b *between) String() string { return fmt.Sprint(b.value) }

func (b *between) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err == nil && (n < b.low || n > b.high) {
		err = fmt.Errorf("must be from %d to %d", b.low, b.high)
	}
	b.value = n
	return err
}

// OneOf defines a flag for one of choices, the first of them by default.
func OneOf(flags *flag.FlagSet, name, usage string, choices ...string) *string {
	c := &oneOf{choices[0], choices}
	flags.Var(c, name, usage)
	return &c.value
}

type oneOf struct {
	value   string
	choices []string
}

func (c *oneOf) String() string { return c.value }

func (c *oneOf) Set(s string) error {
	if !slices.Contains(c.choices, s) {
		return errors.New("choose " + strings.Join(c.choices, ", "))
	}
	c.value = s
	return nil
}

// Usagef returns an error for which Fail ends the program with status 2.
func Usagef(format string, args ...any) error {
	return usageError{fmt.Errorf(format+" (-h lists the flags)", args...)}
}

type usageError struct{ error }

// ending is held by whoever ends the program, so that only one does.
var ending sync.Mutex

// Fail ends the program with one line on standard error that says what failed
// and what to do, and with status 2 for wrong usage or 1 for anything else.
func Fail(flags *flag.FlagSet, err error) {
	ending.Lock()
	fmt.Fprintf(os.Stderr, "%s: %s\n", flags.Name(), Explain(err, flags))
	os.Exit(Status(err))
}

// Status returns the exit status for err: 2 if the program was called wrongly, or
// else 1.
func Status(err error) int {
	var usage usageError
	var address *net.AddrError
	if errors.As(err, &usage) || errors.As(err, &address) {
		return statusUsage
	}
	return statusFailed
}
