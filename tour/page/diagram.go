package page

import (
	"fmt"
	"html/template"
	"strings"
)

// html is the diagram as a figure of lanes and steps, which page.css draws.
func (s *sequence) html() string {
	var out strings.Builder
	var labels []string
	for _, lane := range s.lanes {
		labels = append(labels, template.HTMLEscapeString(lane.label))
	}
	fmt.Fprintf(&out, `<figure class="sequence lanes-%d" aria-label="Who sends what: %s">`+"\n", len(s.lanes), strings.Join(labels, ", "))
	out.WriteString(`<div class="lanes">`)
	for _, label := range labels {
		fmt.Fprintf(&out, "<span>%s</span> ", label)
	}
	out.WriteString("</div>\n<ol>\n")
	for _, e := range s.steps {
		s.write(&out, e, labels)
	}
	out.WriteString("</ol>\n</figure>\n")
	return out.String()
}

// write adds one step. What the picture shows by its place, a screen reader is
// told in words.
func (s *sequence) write(out *strings.Builder, e event, labels []string) {
	text := template.HTMLEscapeString(e.text)
	if e.kind == "loop" {
		fmt.Fprintf(out, "<li class=\"loop\"><p><span class=\"unseen\">again and again: </span>%s</p>\n<ol>\n", text)
		for _, inner := range e.steps {
			s.write(out, inner, labels)
		}
		out.WriteString("</ol></li>\n")
		return
	}
	spoken := labels[e.from-1]
	if e.kind == "message" {
		spoken += " to " + labels[e.to-1]
	} else if e.from != e.to {
		spoken = strings.Join(labels[e.from-1:e.to], ", ")
	}
	if e.head == "lost" {
		spoken += ", lost"
	}
	fmt.Fprintf(out, "<li class=\"%s\"><span class=\"text\"><span class=\"unseen\">%s: </span>%s</span></li>\n", e.classes(), spoken, text)
}

// classes say to the style sheet where the step stands and how it looks.
func (e event) classes() string {
	classes := fmt.Sprintf("%s from-%d to-%d", e.kind, e.from, e.to)
	if e.side != "" {
		classes += " " + e.side
	}
	if e.kind == "message" {
		switch {
		case e.from < e.to:
			classes += " right"
		case e.from > e.to:
			classes += " left"
		default:
			classes += " self"
		}
	}
	if e.dashed {
		classes += " dashed"
	}
	if e.head == "lost" || e.head == "none" {
		classes += " " + e.head
	}
	return classes
}
