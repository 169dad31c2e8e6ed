package page

import (
	"fmt"
	"html/template"

	"github.com/yuin/goldmark/ast"

	"example.com/gosockets/tour/course"
)

// Part renders what stands in a Markdown file under the heading with the anchor,
// up to the next heading of the same level or a higher one, without the heading
// itself. Its errors are those of Render, and one for an anchor that is not there.
func Part(c *course.Course, file, anchor string, link Linker) (template.HTML, error) {
	d, err := load(c, file, link)
	if err != nil {
		return "", err
	}
	var all template.HTML
	level := 0 // of the heading, once it has come
	for n := d.root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			if level > 0 && h.Level <= level {
				return all, nil
			}
			if id, _ := h.AttributeString("id"); level == 0 && string(id.([]byte)) == anchor {
				level = h.Level
				continue
			}
		}
		if level == 0 {
			continue
		}
		html, err := d.html(n)
		if err != nil {
			return "", fmt.Errorf("rendering %s: %w", file, err)
		}
		all += html
	}
	if level == 0 {
		return "", fmt.Errorf("%s has no part %q", file, anchor)
	}
	return all, nil
}

// Text renders Markdown that stands in file.
func Text(file, markdown string, link Linker) (template.HTML, error) {
	d := newDocument(file, []byte(markdown), link)
	return d.html(d.root)
}
