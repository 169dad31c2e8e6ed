// Package page turns what the lessons are made of into HTML: their pages, their
// sources, and Python and Go side by side. It knows no HTTP. What it writes
// holds no script, no style attribute and nothing from elsewhere, so that it can
// be shown under the strictest policy.
package page

import (
	"bytes"
	"fmt"
	"html/template"
	"path"
	"regexp"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"example.com/gosockets/tour/course"
)

// A Linker returns the URL at which the course's file or folder target is shown.
// Target is relative to the root, with slashes and perhaps a fragment:
// lesson01-basic-tcp/README.md#reading. For "" the link becomes plain text.
type Linker func(target string) string

// A Page is a Markdown file as HTML.
type Page struct {
	Title    string
	HTML     template.HTML
	Contents []course.Heading // those of level 2
}

// Render makes HTML of the Markdown file, which is named relative to the root
// with slashes. A file that is no Markdown, that is not bounded as course.Bounded says, that
// Source would not show or that cannot be read is an error.
func Render(c *course.Course, file string, link Linker) (*Page, error) {
	d, err := load(c, file, link)
	if err != nil {
		return nil, err
	}
	html, err := d.html(d.root)
	if err != nil {
		return nil, fmt.Errorf("rendering %s: %w", file, err)
	}
	p := &Page{Title: d.page.Title, HTML: html}
	for _, h := range d.page.Headings {
		if h.Level == 2 {
			p.Contents = append(p.Contents, h)
		}
	}
	return p, nil
}

// A document is one Markdown file on its way to HTML. Package course says what
// stands in it, in the order of the tree.
type document struct {
	page     *course.Page
	source   []byte
	root     ast.Node
	link     Linker
	markdown goldmark.Markdown
	blocks   map[ast.Node]course.Block
	tables   []*east.Table
}

func load(c *course.Course, file string, link Linker) (*document, error) {
	if path.Ext(file) != ".md" {
		return nil, fmt.Errorf("%s is not a page", file)
	}
	source, err := read(c, file)
	if err != nil {
		return nil, err
	}
	if err := course.Bounded(file, source); err != nil {
		return nil, err
	}
	return newDocument(file, source, link), nil
}

func newDocument(file string, source []byte, link Linker) *document {
	d := &document{
		page:   course.Parse(file, source),
		source: source,
		link:   link,
		blocks: map[ast.Node]course.Block{},
	}
	tables := extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute))
	d.markdown = goldmark.New(goldmark.WithExtensions(tables),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(d, 1))))
	d.root = d.markdown.Parser().Parse(text.NewReader(source))
	d.annotate()
	return d
}

// html renders n and all below it.
func (d *document) html(n ast.Node) (template.HTML, error) {
	var out bytes.Buffer
	err := d.markdown.Renderer().Render(&out, d.source, n)
	return template.HTML(out.String()), err
}

var testName = regexp.MustCompile(`^(?:Test|Benchmark|Fuzz|Example)[A-Z_]\w*$`)

// annotate gives headings their anchors, blocks their kinds, links their URLs,
// and the tests in the tables of PROOF.md an attribute to be found by.
func (d *document) annotate() {
	headings, blocks := d.page.Headings, d.page.Blocks
	proof, table := path.Base(d.page.File) == "PROOF.md", ast.Node(nil)
	var links []ast.Node
	_ = ast.Walk(d.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			if n == table {
				table = nil
			}
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			n.SetAttributeString("id", []byte(headings[0].Anchor))
			headings = headings[1:]
		case *ast.FencedCodeBlock, *ast.CodeBlock:
			d.blocks[n], blocks = blocks[0], blocks[1:]
		case *east.Table:
			table, d.tables = n, append(d.tables, n)
		case *ast.CodeSpan:
			if name := plain(n, d.source); table != nil && proof && testName.MatchString(name) {
				n.SetAttributeString("data-test", []byte(name))
			}
		case *ast.Link, *ast.Image, *ast.AutoLink:
			links = append(links, n)
		}
		return ast.WalkContinue, nil
	})
	for _, n := range links { // after the walk, because the tree changes
		d.resolve(n)
	}
}

// plain is the text right below n.
func plain(n ast.Node, source []byte) string {
	var seen []byte
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		if t, ok := child.(*ast.Text); ok {
			seen = append(seen, t.Segment.Value(source)...)
		}
	}
	return string(seen)
}
