package check

import (
	"errors"
	"fmt"
	"path"
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
		case k.page.File == "TROUBLE.md" && b.Kind == "text" && len(b.Args) == 0:
			// brought about by the test of TROUBLE.md, and compared
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
	case len(want) > maxExcerpt && b.Kind != "console" && !k.isWhole(b):
		k.drift(b.Line, "the excerpt has %d lines, more than %d", len(want), maxExcerpt)
	}
	source, err := course.ReadFile(k.course.Root, file)
	if err != nil {
		k.drift(b.Line, "an excerpt of %s, which cannot be read", file)
		return
	}
	lines := strings.Split(string(source), "\n")
	agree, at := nearest(want, lines)
	switch {
	case agree == len(want):
		k.place(b, at+1)
	case agree == 0:
		k.drift(b.Line+1, "the excerpt is not in %s: nothing there is like %q", file, want[0])
	default:
		k.drift(b.Line+1+agree, "the excerpt drifted from %s: here %q, there on line %d %q",
			file, want[agree], at+agree+1, strings.TrimSpace(lines[at+agree]))
	}
}

// nearest finds where in lines most of want stands: how many lines agree, up to
// the first that does not, and the index of the first.
func nearest(want, lines []string) (agree, at int) {
	for i := 0; i+len(want) <= len(lines) && agree < len(want); i++ {
		if n := agreeing(want, dedent(lines[i:i+len(want)])); n > agree {
			agree, at = n, i
		}
	}
	return agree, at
}

// isWhole reports whether b shows a plain program, or a Python program, in full.
func (k *checker) isWhole(b course.Block) bool {
	if k.lesson == nil || len(b.Args) != 1 || !strings.HasPrefix(b.Args[0], "plain/") && !strings.HasPrefix(b.Args[0], "python/") {
		return false
	}
	source, err := course.ReadFile(k.lesson.Dir, b.Args[0])
	return err == nil && strings.Join(b.Lines, "\n") == strings.TrimRight(strings.ReplaceAll(string(source), "\r", ""), "\n")
}

// place checks that the line above the excerpt, which stands in its file from
// line at on, says so: [server.go:12](server.go#L12), or for a whole program
// [plain/x/main.go](plain/x/main.go).
func (k *checker) place(b course.Block, at int) {
	if k.lesson == nil {
		return
	}
	want := fmt.Sprintf("[%s:%d](%s#L%d)", b.Args[0], at, b.Args[0], at)
	if k.isWhole(b) {
		want = fmt.Sprintf("[%s](%s)", b.Args[0], b.Args[0])
	}
	if _, above := k.page.Above(b); !strings.Contains(above, want) {
		k.drift(b.Line, "the line above this excerpt does not have %s", want)
	}
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
