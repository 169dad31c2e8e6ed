package course

import "strings"

// A Page is a Markdown file, or the part of one under a heading: what stands in
// it that can be held to account, each thing with its line.
type Page struct {
	File     string // relative to the root, with slashes
	Title    string // the heading it stands under
	Line     int    // the heading's line
	Headings []Heading
	Blocks   []Block
	Tables   []Table
	Spans    []Span // inline code
	Links    []Link

	lines []string // of the whole file
	end   int      // the line after the last
}

// A place is a line of the file, counted from 1.
type place struct{ Line int }

func (p place) at() int { return p.Line }

// A Heading is a line of #s. Its anchor is the one GitHub gives it.
type Heading struct {
	place
	Level  int
	Text   string
	Anchor string
}

// A Block is a code block. Its info string is cut in words: "go server.go" has
// the kind "go" and the one argument "server.go". An indented block and a fence
// without info have no kind. Line is the fence's; the first of Lines is below.
type Block struct {
	place
	Kind  string
	Args  []string
	Lines []string
}

// A Table has a head and rows of as many cells.
type Table struct {
	place
	Head []Cell
	Rows [][]Cell
}

// A Cell is what stands between two bars, and the code in it.
type Cell struct {
	Text string
	Code []Span
}

// A Span is a piece of inline code.
type Span struct {
	place
	Text string
}

// A Link is where a link or an image points.
type Link struct {
	place
	To string
}

// Sections returns the parts of the page under its headings of one level. A
// part ends where the next heading of that level or a higher one stands.
func (p *Page) Sections(level int) []*Page {
	var sections []*Page
	for i, h := range p.Headings {
		if h.Level != level {
			continue
		}
		end := p.end
		for _, next := range p.Headings[i+1:] {
			if next.Level <= level {
				end = next.Line
				break
			}
		}
		sections = append(sections, &Page{
			File:     p.File,
			Title:    h.Text,
			Line:     h.Line,
			Headings: between(p.Headings, h.Line, end),
			Blocks:   between(p.Blocks, h.Line, end),
			Tables:   between(p.Tables, h.Line, end),
			Spans:    between(p.Spans, h.Line, end),
			Links:    between(p.Links, h.Line, end),
			lines:    p.lines,
			end:      end,
		})
	}
	return sections
}

// Section returns the level-2 section of that title. A page without it has an
// empty one, at the page's own line, so that callers need no second path.
func (p *Page) Section(title string) *Page {
	for _, section := range p.Sections(2) {
		if section.Title == title {
			return section
		}
	}
	return &Page{File: p.File, Title: title, Line: p.Line, lines: p.lines, end: p.Line}
}

// Contains reports whether the page's Markdown holds text within one line.
func (p *Page) Contains(text string) bool {
	for _, line := range p.lines[p.Line-1 : p.end-1] {
		if strings.Contains(line, text) {
			return true
		}
	}
	return false
}

// Above returns the last line above a block that is not empty, and its number.
func (p *Page) Above(b Block) (line int, text string) {
	for line = b.Line - 1; line > 0; line-- {
		if text := strings.TrimSpace(p.lines[line-1]); text != "" {
			return line, text
		}
	}
	return 0, ""
}

// Prose returns the Markdown of the file's lines from (included) to end (excluded)
// without its tables and fenced blocks.
func (p *Page) Prose(from, end int) string {
	var prose strings.Builder
	fenced := false
	for i, line := range p.lines {
		switch {
		case strings.HasPrefix(line, "```"):
			fenced = !fenced
		case !fenced && !strings.HasPrefix(line, "|") && i+1 >= from && i+1 < end:
			prose.WriteString(line + "\n")
		}
	}
	return prose.String()
}

// BlocksOf returns the page's blocks of one kind.
func (p *Page) BlocksOf(kind string) []Block {
	var blocks []Block
	for _, b := range p.Blocks {
		if b.Kind == kind {
			blocks = append(blocks, b)
		}
	}
	return blocks
}

// Column returns the index of the first column whose head contains word, or -1.
func (t Table) Column(word string) int {
	for i, cell := range t.Head {
		if strings.Contains(cell.Text, word) {
			return i
		}
	}
	return -1
}

// between returns the items on the lines from (included) to end (excluded).
func between[T interface{ at() int }](items []T, from, end int) []T {
	var within []T
	for _, item := range items {
		if item.at() >= from && item.at() < end {
			within = append(within, item)
		}
	}
	return within
}
