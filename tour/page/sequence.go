package page

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

const (
	maxLanes = 5 // as many as page.css has places for
	maxLoops = 3 // one inside the other
)

// A sequence is a diagram of who sends what to whom, and in which order.
type sequence struct {
	lanes []lane
	steps []event
}

// A lane is one participant.
type lane struct{ id, label string }

// An event is one step of a sequence. Lanes count from 1.
type event struct {
	kind     string // message, note or loop
	from, to int    // the lanes of a message, or the first and the last that a note is over
	side     string // of a note that is not over its lane: left or right
	dashed   bool   // the line of a message
	head     string // of its arrow: "", none or lost
	text     string
	steps    []event // of a loop
}

var (
	participant = regexp.MustCompile(`^(?:participant|actor) (\S+?)(?: as (.+))?$`)
	message     = regexp.MustCompile(`^([^\s:>-]+) ?(->>|-->>|->|-->|-\)|--\)|-x|--x)[+-]? ?([^\s:>-]+): ?(.+)$`)
	note        = regexp.MustCompile(`^Note (over|right of|left of) ([^:]+): ?(.+)$`)
)

// CheckDiagram returns a *DiagramError when the lines are no Mermaid that a page
// can draw: it draws sequence diagrams of participants, messages, notes and loops,
// with at most 5 participants, and 3 loops one inside the other.
func CheckDiagram(lines []string) error {
	_, err := parseSequence(lines)
	return err
}

// A DiagramError says which line of a diagram, counted from 1, cannot be drawn.
type DiagramError struct {
	Line   int
	Reason string
}

func (e *DiagramError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// parseSequence reads the part of Mermaid's sequenceDiagram that the course
// keeps to: participants, messages, notes and loops. Anything else is a
// *DiagramError.
func parseSequence(lines []string) (*sequence, error) {
	if len(lines) == 0 || strings.TrimSpace(lines[0]) != "sequenceDiagram" {
		return nil, &DiagramError{1, "expected sequenceDiagram"}
	}
	s := &sequence{}
	open := []*event{{}} // the loops that have begun; the first is the whole
	for i, line := range lines[1:] {
		line = strings.TrimSpace(line)
		var e event
		var err error
		title, loop := strings.CutPrefix(line, "loop ")
		switch {
		case line == "" || s.participant(line):
			// no step
		case loop && len(open) <= maxLoops:
			open = append(open, &event{kind: "loop", text: title})
		case loop:
			err = fmt.Errorf("more than %d loops in each other", maxLoops)
		case line == "end" && len(open) > 1:
			e, open = *open[len(open)-1], open[:len(open)-1]
		default:
			e, err = s.event(line)
		}
		if err == nil && len(s.lanes) > maxLanes {
			err = fmt.Errorf("more than %d participants", maxLanes)
		}
		if err != nil {
			return nil, &DiagramError{i + 2, err.Error()}
		}
		if around := open[len(open)-1]; e.kind != "" {
			around.steps = append(around.steps, e)
		}
	}
	switch {
	case len(open) > 1:
		return nil, &DiagramError{len(lines), fmt.Sprintf("the loop %q has no end", open[len(open)-1].text)}
	case len(s.lanes) == 0:
		return nil, &DiagramError{1, "nobody takes part"}
	}
	s.steps = open[0].steps
	return s, nil
}

// participant notes a lane that is declared before it is used.
func (s *sequence) participant(line string) bool {
	m := participant.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	at := s.lane(m[1]) - 1
	if m[2] != "" {
		s.lanes[at].label = m[2]
	}
	return true
}

// lane returns the number of a participant, who need not be declared.
func (s *sequence) lane(id string) int {
	at := slices.IndexFunc(s.lanes, func(l lane) bool { return l.id == id })
	if at < 0 {
		at = len(s.lanes)
		s.lanes = append(s.lanes, lane{id, id})
	}
	return at + 1
}

func (s *sequence) event(line string) (event, error) {
	if m := message.FindStringSubmatch(line); m != nil {
		e := event{kind: "message", from: s.lane(m[1]), to: s.lane(m[3]), text: m[4]}
		e.dashed = strings.HasPrefix(m[2], "--")
		switch {
		case strings.HasSuffix(m[2], "x"):
			e.head = "lost"
		case m[2] == "->" || m[2] == "-->":
			e.head = "none"
		}
		return e, nil
	}
	m := note.FindStringSubmatch(line)
	if m == nil {
		return event{}, fmt.Errorf("not a line of a simple sequence diagram: %q", line)
	}
	e := event{kind: "note", text: m[3]}
	for i, id := range strings.Split(m[2], ",") {
		if id = strings.TrimSpace(id); id == "" {
			return event{}, fmt.Errorf("a participant has no name: %q", line)
		}
		at := s.lane(id)
		if i == 0 {
			e.from, e.to = at, at
		}
		e.from, e.to = min(e.from, at), max(e.to, at)
	}
	e.side, _, _ = strings.Cut(m[1], " ")
	if e.side == "over" {
		e.side = ""
	} else if e.from != e.to {
		return event{}, fmt.Errorf("a note %s is beside one participant: %q", m[1], line)
	}
	return e, nil
}
