package page

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"example.com/gosockets/tour/course"
)

// A Comparison is one side of a lesson, its server or its client, in Python and
// in Go, and the steps in which the two meet: the rows of the lesson's table of
// calls.
type Comparison struct {
	Steps  []Step
	Python []File // the main one first
	Go     []File
}

// A Step is a row of the table: its three cells, without their links.
type Step struct{ Python, Go, Kernel template.HTML }

// A File is a source file in which steps are taken.
type File struct {
	Path  string // relative to the root, with slashes
	Lines []Line
}

// A Line is one line of a File, and the steps that are taken on it, counted
// from 1.
type Line struct {
	HTML  template.HTML
	Steps []int
}

// Compare puts the programs of one role of a lesson, "server" or "client", side
// by side. The lesson answers to its name and its number.
func Compare(c *course.Course, lesson, role string) (*Comparison, error) {
	l := c.Lesson(lesson)
	if l == nil {
		return nil, fmt.Errorf("there is no lesson %q", lesson)
	}
	if role != "server" && role != "client" {
		return nil, fmt.Errorf("the role is server or client, not %q", role)
	}
	d, err := load(c, l.README(), func(string) string { return "" })
	if err != nil {
		return nil, err
	}
	table, node := d.calls()
	if table == nil {
		return nil, fmt.Errorf("%s has no table of calls", l.README())
	}
	programs, err := programsOf(c, l, string(d.source))
	if err != nil {
		return nil, err
	}
	python, golang := table.Column("Python"), table.Column("Go")
	inPython, pythonForeign := findSteps(programs[".py"], column(table, python)).in(role)
	inGo, goForeign := findSteps(programs[".go"], column(table, golang)).in(role)
	foreign := append(pythonForeign, goForeign...) // what stands beside them is not meant here
	m := &Comparison{
		Python: inPython.without(foreign).files(programs[".py"], role),
		Go:     inGo.without(foreign).files(programs[".go"], role),
	}
	for row := node.FirstChild().NextSibling(); row != nil; row = row.NextSibling() {
		var step Step
		cells := map[int]*template.HTML{python: &step.Python, golang: &step.Go, table.Column("ernel"): &step.Kernel}
		for i, cell := 0, row.FirstChild(); cell != nil; i, cell = i+1, cell.NextSibling() {
			if to := cells[i]; to != nil {
				if *to, err = d.inside(cell); err != nil {
					return nil, err
				}
			}
		}
		m.Steps = append(m.Steps, step)
	}
	return m, nil
}

// calls returns the table of calls, the first of "Line by line", and its place
// in the tree.
func (d *document) calls() (*course.Table, ast.Node) {
	how := d.page.Section("Line by line").Tables
	if len(how) == 0 || how[0].Column("Python") < 0 || how[0].Column("Go") < 0 || how[0].Column("ernel") < 0 {
		return nil, nil
	}
	at := slices.IndexFunc(d.page.Tables, func(t course.Table) bool { return t.Line == how[0].Line })
	return &how[0], d.tables[at]
}

// inside renders what stands in n, without n.
func (d *document) inside(n ast.Node) (template.HTML, error) {
	var all template.HTML
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		html, err := d.html(child)
		if err != nil {
			return "", err
		}
		all += html
	}
	return all, nil
}

func column(t *course.Table, at int) [][]string {
	cells := make([][]string, len(t.Rows))
	for i, row := range t.Rows {
		for _, code := range row[at].Code {
			cells[i] = append(cells[i], code.Text)
		}
	}
	return cells
}

// files are the programs of a role. One in which no step is taken is left out, but
// for the first, which is the role's own.
func (t taken) files(programs []*program, role string) []File {
	var files []File
	for _, p := range programs {
		if takes(p.path, role) && (files == nil || len(t[p]) > 0) {
			files = append(files, p.file(t[p]))
		}
	}
	return files
}

func (p *program) file(steps map[int][]int) File {
	f := File{Path: p.path}
	for i, html := range highlight(language(p.path), strings.Join(p.lines, "\n")) {
		f.Lines = append(f.Lines, Line{html, steps[i+1]})
	}
	return f
}
