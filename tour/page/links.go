package page

import (
	"html"
	"net/url"
	"path"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// resolve gives the link n its URL, or puts what stands in it in its place.
// Images are always replaced by their text: the course has none.
func (d *document) resolve(n ast.Node) {
	switch n := n.(type) {
	case *ast.Link:
		to, outside := d.target(string(decoded(n.Destination)))
		if to == "" {
			unwrap(n)
			return
		}
		n.Destination = []byte(html.EscapeString(to)) // which goldmark decodes
		if outside {
			leave(n)
		}
	case *ast.AutoLink:
		if to, outside := d.target(string(n.URL(d.source))); to == "" || n.AutoLinkType == ast.AutoLinkEmail || !outside {
			n.Parent().ReplaceChild(n.Parent(), n, ast.NewString(n.Label(d.source)))
			return
		}
		leave(n)
	case *ast.Image:
		unwrap(n)
	}
}

// decoded is a destination without the escapes that Markdown knows.
func decoded(destination []byte) []byte {
	return util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(destination)))
}

// target returns where a link of the page leads, "" for nowhere, and whether
// that is outside of the course.
func (d *document) target(destination string) (to string, outside bool) {
	u, err := url.Parse(destination)
	switch {
	case err != nil:
		return "", false
	case (u.Scheme == "http" || u.Scheme == "https") && u.Host != "":
		return destination, true
	case u.Scheme != "" || u.Host != "" || u.RawQuery != "" || strings.HasPrefix(u.Path, "/"):
		return "", false
	}
	anchor := ""
	if u.Fragment != "" {
		anchor = "#" + u.Fragment
	}
	if u.Path == "" {
		return anchor, false
	}
	file := path.Join(path.Dir(d.page.File), u.Path)
	if !showable(file) {
		return "", false
	}
	return d.link(file + anchor), false
}

// leave marks a link that leads out of the course.
func leave(n ast.Node) {
	n.SetAttributeString("rel", []byte("noreferrer noopener"))
	n.SetAttributeString("target", []byte("_blank"))
}

// unwrap puts what stands in n in its place.
func unwrap(n ast.Node) {
	for child := n.FirstChild(); child != nil; child = n.FirstChild() {
		n.Parent().InsertBefore(n.Parent(), n, child)
	}
	n.Parent().RemoveChild(n.Parent(), n)
}
