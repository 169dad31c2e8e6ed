package course

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// markdown is what GitHub shows: CommonMark and tables.
var markdown = goldmark.New(goldmark.WithExtensions(extension.Table))

// Parse reads the Markdown of one file. Every text is Markdown of some kind, so
// it cannot fail. It can take long, where Bounded has not looked at it before.
func Parse(file string, source []byte) *Page {
	lines := strings.Split(string(source), "\n")
	r := &reader{
		source:  source,
		page:    &Page{File: file, Line: 1, lines: lines, end: len(lines) + 1},
		anchors: map[string]int{},
	}
	doc := markdown.Parser().Parse(text.NewReader(source))
	_ = ast.Walk(doc, r.visit) // visit returns no error
	return r.page
}

type reader struct {
	source  []byte
	page    *Page
	anchors map[string]int // how often each was given
}

func (r *reader) visit(node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	p := r.page
	switch n := node.(type) {
	case *ast.Heading:
		title := r.text(n)
		if p.Title == "" {
			p.Title = title
		}
		p.Headings = append(p.Headings, Heading{r.place(n), n.Level, title, r.anchor(title)})
	case *ast.FencedCodeBlock:
		p.Blocks = append(p.Blocks, r.fence(n))
	case *ast.CodeBlock:
		p.Blocks = append(p.Blocks, Block{place: r.place(n), Lines: r.lines(n)})
	case *ast.CodeSpan:
		p.Spans = append(p.Spans, Span{r.place(n), r.text(n)})
	case *ast.Link:
		p.Links = append(p.Links, Link{r.place(n), string(n.Destination)})
	case *ast.Image:
		p.Links = append(p.Links, Link{r.place(n), string(n.Destination)})
	case *east.Table:
		p.Tables = append(p.Tables, r.table(n))
	}
	return ast.WalkContinue, nil
}

func (r *reader) fence(n *ast.FencedCodeBlock) Block {
	b := Block{place: r.place(n), Lines: r.lines(n)}
	if len(b.Lines) > 0 {
		b.Line-- // the parser points at the first line inside
	}
	if n.Info != nil {
		b.Line = r.line(n.Info.Segment.Start)
		if words := strings.Fields(string(n.Info.Segment.Value(r.source))); len(words) > 0 {
			b.Kind, b.Args = words[0], words[1:]
		}
	}
	return b
}

func (r *reader) table(n *east.Table) Table {
	t := Table{place: r.place(n)}
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []Cell
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cells = append(cells, r.cell(cell))
		}
		if row.Kind() == east.KindTableHeader {
			t.Head = cells
		} else {
			t.Rows = append(t.Rows, cells)
		}
	}
	return t
}

func (r *reader) cell(n ast.Node) Cell {
	cell := Cell{Text: r.text(n)}
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if span, ok := n.(*ast.CodeSpan); ok && entering {
			cell.Code = append(cell.Code, Span{r.place(n), r.text(span)})
		}
		return ast.WalkContinue, nil
	})
	return cell
}

// text is what a reader sees of n, without the marks.
func (r *reader) text(n ast.Node) string {
	var seen strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			seen.Write(t.Segment.Value(r.source))
			if t.SoftLineBreak() {
				seen.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return seen.String()
}

func (r *reader) lines(n ast.Node) []string {
	var lines []string
	for _, segment := range n.Lines().Sliced(0, n.Lines().Len()) {
		lines = append(lines, strings.TrimRight(string(segment.Value(r.source)), "\r\n"))
	}
	return lines
}

// place finds the line a node stands on: that of its first text, or else of
// the nearest block around it.
func (r *reader) place(n ast.Node) place {
	for ; n != nil; n = n.Parent() {
		offset := -1
		_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if t, ok := n.(*ast.Text); ok && entering {
				offset = t.Segment.Start
			} else if n.Type() == ast.TypeBlock && n.Lines().Len() > 0 {
				offset = n.Lines().At(0).Start
			}
			if offset >= 0 {
				return ast.WalkStop, nil
			}
			return ast.WalkContinue, nil
		})
		if offset >= 0 {
			return place{r.line(offset)}
		}
	}
	return place{1}
}

func (r *reader) line(offset int) int {
	return 1 + bytes.Count(r.source[:offset], []byte("\n"))
}

var notInAnchor = regexp.MustCompile(`[^\p{L}\p{M}\p{N}_ -]`)

// anchor is the name GitHub gives a heading: lower case, no punctuation,
// hyphens for spaces, and a number when the name is taken.
func (r *reader) anchor(title string) string {
	name := strings.ReplaceAll(notInAnchor.ReplaceAllString(strings.ToLower(title), ""), " ", "-")
	taken := r.anchors[name]
	r.anchors[name]++
	if taken > 0 {
		return fmt.Sprintf("%s-%d", name, taken)
	}
	return name
}
