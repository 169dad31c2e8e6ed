package page

import "html/template"

// Text renders Markdown that stands in file.
func Text(file, markdown string, link Linker) (template.HTML, error) {
	d := newDocument(file, []byte(markdown), link)
	return d.html(d.root)
}
