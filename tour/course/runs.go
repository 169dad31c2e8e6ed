package course

import (
	"fmt"
	"strings"
)

// Runs is what tour has prepared for a lesson: which of its programs can meet,
// and small plays in which they do.
type Runs struct {
	Exchanges []Exchange
	Runs      []Run
}

// An Exchange is a set of programs that understand each other.
type Exchange struct {
	Name     string
	Programs []Program
}

// A Program can be run from the page. Command is what a person would type.
type Program struct{ Side, Name, Command string }

// A Run is something to watch, in one or more ways: in Python and in Go, most
// often. Text is Markdown.
type Run struct {
	Title, Anchor, Text string
	Ways                []Way
}

// A Way is a transcript. Its ports are those that programs see with a relay
// between them.
type Way struct {
	Name  string
	Steps []Step
}

// Runs is the path of the lesson's runs relative to the course's root.
func (l *Lesson) Runs() string { return "tour/runs/" + l.Name + ".md" }

// Runs reads the runs of a lesson. Its error can be a *Drift.
func (c *Course) Runs(lesson *Lesson) (*Runs, error) {
	page, err := c.Page(lesson.Runs())
	if err != nil {
		return nil, fmt.Errorf("reading the runs of %s: %w", lesson.Name, err)
	}
	runs := &Runs{}
	for _, section := range page.Section("Programs").Sections(3) {
		exchange, err := section.exchange()
		if err != nil {
			return nil, err
		}
		runs.Exchanges = append(runs.Exchanges, exchange)
	}
	for _, section := range page.Section("Runs").Sections(3) {
		run, err := section.run()
		if err != nil {
			return nil, err
		}
		runs.Runs = append(runs.Runs, run)
	}
	if len(runs.Exchanges) == 0 || len(runs.Runs) == 0 {
		return nil, &Drift{File: page.File, Text: `expected programs below "Programs" and runs below "Runs"`}
	}
	return runs, nil
}

func (p *Page) exchange() (Exchange, error) {
	e := Exchange{Name: p.Title}
	sides := map[string]bool{}
	for _, table := range p.Tables {
		for _, row := range table.Rows {
			if len(row) != 3 || len(row[2].Code) != 1 || row[0].Text != "server" && row[0].Text != "client" {
				return e, &Drift{File: p.File, Line: table.Line, Text: "expected rows of server or client, a name, and a command"}
			}
			sides[row[0].Text] = true
			e.Programs = append(e.Programs, Program{row[0].Text, row[1].Text, row[2].Code[0].Text})
		}
	}
	if len(sides) != 2 {
		return e, &Drift{File: p.File, Line: p.Line, Text: "expected a server and a client"}
	}
	return e, nil
}

func (p *Page) run() (Run, error) {
	run := Run{Title: p.Title, Anchor: p.Headings[0].Anchor}
	blocks := p.BlocksOf("console")
	if len(blocks) == 0 {
		return run, &Drift{File: p.File, Line: p.Line, Text: "expected a transcript"}
	}
	run.Text = strings.TrimSpace(strings.Join(p.lines[p.Line:blocks[0].Line-1], "\n"))
	for _, block := range blocks {
		steps, err := block.Transcript(p.File)
		if err != nil {
			return run, err
		}
		run.Ways = append(run.Ways, Way{strings.Join(block.Args, " "), steps})
	}
	return run, nil
}
