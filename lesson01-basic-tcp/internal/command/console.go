package command

import (
	"flag"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// Stdin is what the person types. On a terminal it shows a prompt before each
// line; from a pipe or a file it reads without one.
func Stdin() io.Reader {
	if OnTerminal(os.Stdin) {
		return prompting{os.Stdin}
	}
	return os.Stdin
}

// prompting relies on a terminal handing over one line a Read.
type prompting struct{ in io.Reader }

func (p prompting) Read(buf []byte) (int, error) {
	fmt.Print(">>> ")
	return p.in.Read(buf)
}

// OnTerminal reports whether file is a terminal.
func OnTerminal(file *os.File) bool { return term.IsTerminal(int(file.Fd())) }

// Stdout is where a client shows its person what comes. What cannot be written
// there, to a full disk say, ends the program with status 1: somebody was to see
// it, and has not.
func Stdout(flags *flag.FlagSet) io.Writer { return shown{flags} }

type shown struct{ flags *flag.FlagSet }

func (s shown) Write(line []byte) (int, error) {
	n, err := os.Stdout.Write(line)
	if err != nil {
		Fail(s.flags, fmt.Errorf("cannot show what came: %w", err))
	}
	return n, nil
}
