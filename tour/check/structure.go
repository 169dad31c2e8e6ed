package check

import (
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
	run, how, wrong, try := k.page.Section("See it run"), k.page.Section("How it works"),
		k.page.Section("What goes wrong"), k.page.Section("Try it")
	if len(run.BlocksOf("console")) == 0 {
		k.drift(run.Line, "%q shows no transcript", run.Title)
	}
	if len(how.BlocksOf("mermaid")) == 0 {
		k.drift(how.Line, "%q has no sequence diagram", how.Title)
	}
	if len(try.BlocksOf("diff")) < 2 {
		k.drift(try.Line, "expected at least two changes to make in %q, there are %d", try.Title, len(try.BlocksOf("diff")))
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
