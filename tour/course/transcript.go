package course

import (
	"fmt"
	"regexp"
	"strings"
)

// An Action is what a line of a transcript says happens.
type Action int

const (
	Print     Action = iota // the program printed Text
	Start                   // "$ COMMAND": a program starts in this terminal
	Type                    // ">>> WORDS": the person types Text and Enter
	EndInput                // "^D": its standard input closes
	Interrupt               // "^C"
	Kill                    // "[kill]": the system ends it, without a word
	Rest                    // "…": whatever else it prints is left out
	Exit                    // "[exit N]": it has ended with the status Text
)

// Wire is the terminal that is none: it shows what crosses between the programs,
// and what is typed there are faults for the relay to make.
const Wire = "wire"

// String is the step as a transcript has it, without the terminal.
func (s Step) String() string {
	switch s.Action {
	case Start:
		return "$ " + s.Text
	case Type:
		return strings.TrimRight(">>> "+s.Text, " ")
	case EndInput:
		return "^D"
	case Interrupt:
		return "^C"
	case Kill:
		return "[kill]"
	case Rest:
		return "…"
	case Exit:
		return "[exit " + s.Text + "]"
	default:
		return s.Text
	}
}

// A Step is one line of a transcript.
type Step struct {
	Line     int
	Terminal string
	Action   Action
	Text     string
}

var (
	labelled = regexp.MustCompile(`^(\S[^|]*?) *\|(?: (.*))?$`)
	exited   = regexp.MustCompile(`^\[exit (\d+)\]$`)
)

// Transcript reads a console block: one or more terminals in the order of time,
// a line "LABEL | TEXT" each, the bars in one column. Its error is a *Drift
// that names file.
func (b Block) Transcript(file string) ([]Step, error) {
	var steps []Step
	started := map[string]bool{}
	for i, text := range b.Lines {
		line := b.Line + 1 + i
		drift := func(format string, args ...any) ([]Step, error) {
			return nil, &Drift{File: file, Line: line, Text: fmt.Sprintf(format, args...)}
		}
		m := labelled.FindStringSubmatch(text)
		if m == nil {
			return drift("expected LABEL | TEXT, this is %q", text)
		}
		if strings.Index(text, "|") != strings.Index(b.Lines[0], "|") {
			return drift("the bar does not stand under the first line's")
		}
		step := newStep(line, m[1], strings.TrimRight(m[2], " "))
		if step.Action == Start || step.Terminal == Wire {
			started[step.Terminal] = true
		}
		if !started[step.Terminal] {
			return drift("terminal %q shows something before a program starts in it", step.Terminal)
		}
		steps = append(steps, step)
	}
	if len(steps) == 0 {
		return nil, &Drift{File: file, Line: b.Line, Text: "the transcript is empty"}
	}
	return steps, nil
}

func newStep(line int, terminal, text string) Step {
	step := Step{Line: line, Terminal: terminal}
	words, typed := strings.CutPrefix(text, ">>>")
	command, start := strings.CutPrefix(text, "$ ")
	status := exited.FindStringSubmatch(text)
	switch {
	case start:
		step.Action, step.Text = Start, command
	case typed:
		step.Action, step.Text = Type, strings.TrimPrefix(words, " ")
	case text == "^D":
		step.Action = EndInput
	case text == "^C":
		step.Action = Interrupt
	case text == "[kill]":
		step.Action = Kill
	case text == "…":
		step.Action = Rest
	case status != nil:
		step.Action, step.Text = Exit, status[1]
	default:
		step.Text = text
	}
	return step
}
