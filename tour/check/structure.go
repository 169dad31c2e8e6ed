package check

import (
	"regexp"
	"slices"
	"strings"
)

// structure checks that the page has a lesson's sections in their order, and
// that each has what a reader looks for in it.
func (k *checker) structure() {
	var titles []string
	for _, section := range k.page.Sections(2) {
		titles = append(titles, section.Title)
	}
	if !slices.Equal(titles, sections) {
		k.drift(k.page.Line, "expected the sections %s; they are %s", strings.Join(sections, ", "), strings.Join(titles, ", "))
	}
	run, lines, wrong, practise := k.page.Section("Run it"), k.page.Section("Line by line"),
		k.page.Section("What goes wrong"), k.page.Section("Practise")
	if len(run.BlocksOf("console")) == 0 {
		k.drift(run.Line, "%q shows no transcript", run.Title)
	}
	if len(lines.BlocksOf("mermaid")) == 0 {
		k.drift(lines.Line, "%q has no sequence diagram", lines.Title)
	}
	if !slices.ContainsFunc(lines.BlocksOf("go"), k.isWhole) {
		k.drift(lines.Line, "%q shows no plain program in full", lines.Title)
	}
	if len(practise.BlocksOf("diff")) < 2 {
		k.drift(practise.Line, "expected at least two changes to make in %q, there are %d", practise.Title, len(practise.BlocksOf("diff")))
	}
	for _, defect := range wrong.Sections(3) {
		for _, word := range []string{"Symptom", "Cause", "Cure"} {
			if !defect.Contains("**" + word) {
				k.drift(defect.Line, "%q has no **%s**", defect.Title, word)
			}
		}
		if !slices.ContainsFunc(testsIn(defect.Spans), func(t named) bool { return k.sources.Tests[t.name] }) {
			k.drift(defect.Line, "%q names no test of the lesson", defect.Title)
		}
	}
	if len(wrong.Sections(3)) == 0 {
		k.drift(wrong.Line, "%q has no subsection", wrong.Title)
	}
}

// What a reader takes in: words of prose, without tables and code.
const (
	wordsToTheLines = 900 // to the end of "Line by line"
	wordsInAll      = 1800
	wordsInTheLast  = 2200 // in lesson 6
)

// length checks that the page is short, and says how long it takes.
func (k *checker) length() {
	if !regexp.MustCompile(`\d+ minutes`).MatchString(k.page.Prose(k.page.Line, k.page.Line+8)) {
		k.drift(k.page.Line, "the page does not say at its top how many minutes it takes")
	}
	limit := wordsInAll
	if k.lesson.Number == 6 {
		limit = wordsInTheLast
	}
	if n := words(k.page.Prose(1, k.page.Section("What goes wrong").Line)); n > wordsToTheLines {
		k.drift(k.page.Section("Line by line").Line, "%d words to the end of %q, more than %d", n, "Line by line", wordsToTheLines)
	}
	if n := words(k.page.Prose(1, 1<<30)); n > limit {
		k.drift(k.page.Line, "the page has %d words, more than %d", n, limit)
	}
}

func words(text string) int { return len(strings.Fields(text)) }
