package page

import (
	"fmt"
	"html/template"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	"example.com/gosockets/tour/course"
)

// RegisterFuncs is how goldmark learns what is rendered here.
func (d *document) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindFencedCodeBlock, d.renderBlock)
	r.Register(ast.KindCodeBlock, d.renderBlock)
	r.Register(east.KindTable, renderTable)
}

// renderTable puts a box around a table, in which a wide one can be scrolled.
func renderTable(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	tag := "</table>\n</div>\n"
	if entering {
		tag = `<div class="table" tabindex="0" role="region" aria-label="table">` + "\n<table>\n"
	}
	_, err := w.WriteString(tag)
	return ast.WalkContinue, err
}

func (d *document) renderBlock(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	_, err := w.WriteString(d.block(d.blocks[n]))
	return ast.WalkContinue, err
}

// block is a code block as HTML. A transcript or a diagram that cannot be read
// is shown as it is written.
func (d *document) block(b course.Block) string {
	code := strings.Join(b.Lines, "\n") + "\n"
	switch {
	case len(b.Args) > 0 && slices.Contains([]string{"go", "python", "diff", "text"}, b.Kind):
		return d.figure(b, code)
	case b.Kind == "console":
		if steps, err := b.Transcript(d.page.File); err == nil {
			return transcript(steps)
		}
	case b.Kind == "mermaid":
		if diagram, err := parseSequence(b.Lines); err == nil {
			return diagram.html()
		}
	}
	return pre(b.Kind, code)
}

// figure is an excerpt of a file, or a change to one, under the file's name.
func (d *document) figure(b course.Block, code string) string {
	caption := template.HTMLEscapeString(b.Args[0])
	if to, _ := d.target(b.Args[0]); to != "" {
		caption = `<a href="` + template.HTMLEscapeString(to) + `">` + caption + `</a>`
	}
	if outcome, test, ok := strings.Cut(strings.Join(b.Args[1:], " "), "="); ok {
		test = template.HTMLEscapeString(test)
		caption += fmt.Sprintf(` <span>%s <code data-test="%s">%s</code></span>`, template.HTMLEscapeString(outcome), test, test)
	}
	return `<figure class="code"><figcaption>` + caption + "</figcaption>\n" + pre(b.Kind, code) + "</figure>\n"
}

// actions are the classes of a transcript's lines.
var actions = map[course.Action]string{
	course.Print:     "print",
	course.Start:     "start",
	course.Type:      "type",
	course.EndInput:  "eof",
	course.Interrupt: "interrupt",
	course.Kill:      "kill",
	course.Rest:      "rest",
	course.Exit:      "exit",
}

// transcript is what happens in several terminals, in the order of time. They
// are numbered from 1 as they appear.
func transcript(steps []course.Step) string {
	var out strings.Builder
	var terminals []string
	out.WriteString(`<ol class="transcript" tabindex="0">` + "\n")
	for _, step := range steps {
		if !slices.Contains(terminals, step.Terminal) {
			terminals = append(terminals, step.Terminal)
		}
		fmt.Fprintf(&out, "<li class=\"terminal-%d %s\"><b>%s</b> <code>%s</code></li>\n",
			slices.Index(terminals, step.Terminal)+1, actions[step.Action],
			template.HTMLEscapeString(step.Terminal), template.HTMLEscapeString(step.String()))
	}
	out.WriteString("</ol>\n")
	return out.String()
}

// language is what a file is highlighted as.
func language(file string) string {
	return map[string]string{".go": "go", ".py": "python"}[path.Ext(file)]
}
