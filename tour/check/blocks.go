package check

import (
	"errors"
	"os"
	"path"
	"path/filepath"
	"strings"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/page"
)

// maxExcerpt is how many lines of code a reader takes in at once.
const maxExcerpt = 20

// blocks checks each code block that can be checked by reading. Any kind it
// does not know is a drift: nothing on a page goes unchecked.
func (k *checker) blocks() {
	for _, b := range k.page.Blocks {
		atRoot := k.lesson == nil
		switch {
		case b.Kind == "sh" && len(b.Args) == 0:
			k.shell(b)
		case b.Kind == "mermaid" && len(b.Args) == 0:
			var wrong *page.DiagramError
			if errors.As(page.CheckDiagram(b.Lines), &wrong) {
				k.drift(b.Line+wrong.Line, "%s", wrong.Reason)
			}
		case !atRoot && (b.Kind == "go" || b.Kind == "python") && len(b.Args) == 1:
			k.excerpt(b, path.Join(k.lesson.Name, b.Args[0]))
		case !atRoot && b.Kind == "console" && len(b.Args) == 0:
			// played by transcripts
		case !atRoot && b.Kind == "diff" && len(b.Args) == 2:
			// made by change
		case atRoot && (b.Kind == "text" || b.Kind == "console") && len(b.Args) == 1:
			k.excerpt(b, b.Args[0])
		case b.Kind == "":
			k.drift(b.Line, "unknown block: indented, or without an info string")
		default:
			k.drift(b.Line, "unknown block %q", strings.Join(append([]string{b.Kind}, b.Args...), " "))
		}
	}
}

// excerpt checks that the block's lines stand in file one after the other, at
// whatever indentation.
func (k *checker) excerpt(b course.Block, file string) {
	want := dedent(b.Lines)
	switch {
	case strings.TrimSpace(strings.Join(want, "")) == "":
		k.drift(b.Line, "the excerpt is blank")
		return
	case len(want) > maxExcerpt && b.Kind != "console":
		k.drift(b.Line, "the excerpt has %d lines, more than %d", len(want), maxExcerpt)
	}
	source, err := os.ReadFile(filepath.Join(k.course.Root, filepath.FromSlash(file)))
	if err != nil {
		k.drift(b.Line, "an excerpt of %s, which cannot be read", file)
		return
	}
	lines := strings.Split(string(source), "\n")
	best, bestAt := 0, 0 // how many lines agree, and where
	for at := 0; at+len(want) <= len(lines); at++ {
		agree := agreeing(want, dedent(lines[at:at+len(want)]))
		if agree == len(want) {
			return
		}
		if agree > best {
			best, bestAt = agree, at
		}
	}
	if best == 0 {
		k.drift(b.Line+1, "the excerpt is not in %s: nothing there is like %q", file, want[0])
		return
	}
	k.drift(b.Line+1+best, "the excerpt drifted from %s: here %q, there on line %d %q",
		file, want[best], bestAt+best+1, strings.TrimSpace(lines[bestAt+best]))
}

// agreeing counts the lines that are the same up to the first that is not.
func agreeing(a, b []string) int {
	n := 0
	for n < len(a) && a[n] == b[n] {
		n++
	}
	return n
}

// dedent takes the indentation that all lines share, and trailing blanks, away.
func dedent(lines []string) []string {
	shared, first := "", true
	trimmed := make([]string, len(lines))
	for i, line := range lines {
		trimmed[i] = strings.TrimRight(line, " \t\r")
		if trimmed[i] == "" {
			continue
		}
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if first {
			shared, first = indent, false
		}
		for !strings.HasPrefix(indent, shared) {
			shared = shared[:len(shared)-1]
		}
	}
	for i := range trimmed {
		trimmed[i] = strings.TrimPrefix(trimmed[i], shared)
	}
	return trimmed
}
