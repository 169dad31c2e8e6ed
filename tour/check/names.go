package check

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"example.com/gosockets/tour/course"
)

// A named test is the name of one, and the line it stands on.
type named struct {
	line int
	name string
}

var testWord = regexp.MustCompile(`\b(?:Test|Benchmark|Fuzz|Example)[A-Z_]\w*`)

// testsIn returns the tests that inline code names, in `TestX`, in `TestX/case`
// and in `go test -run TestX` alike.
func testsIn(spans []course.Span) []named {
	var tests []named
	for _, span := range spans {
		for _, name := range testWord.FindAllString(span.Text, -1) {
			tests = append(tests, named{span.Line, name})
		}
	}
	return tests
}

var newTest = regexp.MustCompile(`^\+func ((?:Test|Benchmark|Fuzz|Example)\w+)\(`)

// learnNewTests adds the tests that a reader is to write: the page may name
// them, though they stand in no file.
func (k *checker) learnNewTests() {
	for _, b := range k.page.BlocksOf("diff") {
		for _, line := range b.Lines {
			if m := newTest.FindStringSubmatch(line); m != nil && !k.sources.Tests[m[1]] {
				k.sources.Tests[m[1]] = true
				k.written = append(k.written, m[1])
			}
		}
	}
}

// testNames checks that every test which the page names exists.
func (k *checker) testNames() {
	for _, test := range testsIn(k.page.Spans) {
		if !k.sources.Tests[test.name] {
			k.drift(test.line, "there is no test %s", test.name)
		}
	}
}

// proof checks that the page's tables are complete: each test and each fuzz target
// of the lesson stands in one.
func (k *checker) proof() {
	proven := map[string]bool{"TestMain": true} // not a test
	for _, table := range k.page.Tables {
		for _, row := range table.Rows {
			for _, cell := range row {
				for _, test := range testsIn(cell.Code) {
					proven[test.name] = true
				}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(k.sources.Tests)) {
		counts := strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Fuzz")
		if counts && !proven[name] {
			k.drift(k.page.Line, "%s is missing from the tables", name)
		}
	}
}

// mainClaims checks that "Proof" names each test of claims_test.go, and leads to
// all others.
func (k *checker) mainClaims() {
	section := k.page.Section("Proof")
	named := map[string]bool{}
	for _, test := range testsIn(section.Spans) {
		named[test.name] = true
	}
	for _, name := range k.sources.Claims {
		if !named[name] {
			k.drift(section.Line, "%s of claims_test.go is missing from %q", name, section.Title)
		}
	}
	if !slices.ContainsFunc(section.Links, func(l course.Link) bool { return l.To == "PROOF.md" }) {
		k.drift(section.Line, "%q has no link to PROOF.md", section.Title)
	}
}

// flags checks that the page tells of every flag of the lesson's programs.
func (k *checker) flags() {
	var code strings.Builder
	for _, span := range k.page.Spans {
		code.WriteString(span.Text + "\n")
	}
	for _, block := range k.page.Blocks {
		code.WriteString(strings.Join(block.Lines, "\n") + "\n")
	}
	for _, flag := range k.sources.Flags {
		mentioned := regexp.MustCompile(`(?m)(^|[^\w-])-` + regexp.QuoteMeta(flag.Name) + `($|[^\w-])`)
		if !mentioned.MatchString(code.String()) {
			k.driftIn(path.Join(k.lesson.Name, flag.File), flag.Line, "the README does not mention the flag -%s", flag.Name)
		}
	}
}

// tableOfCalls returns the line of the first table of "Line by line".
func (k *checker) tableOfCalls() int {
	lines := k.page.Section("Line by line")
	if len(lines.Tables) == 0 {
		k.drift(lines.Line, "%q has no table of calls", lines.Title)
		return 0
	}
	table := lines.Tables[0]
	if table.Column("Python") < 0 || table.Column("Go") < 0 || table.Column("ernel") < 0 {
		k.drift(table.Line, "expected the columns Python, Go and kernel in the table of calls")
	}
	return table.Line
}

// tables checks the words in the tables that put Python and Go side by side.
// Those of the table of calls, on that line, are ones that the lesson makes.
func (k *checker) tables(calls int) {
	for _, table := range k.page.Tables {
		python, golang := table.Column("Python"), table.Column("Go")
		if python < 0 || golang < 0 {
			continue
		}
		for _, row := range table.Rows {
			k.words(row[golang], k.sources.Go, "a Go file")
			if table.Line == calls {
				k.words(row[python], k.sources.Python, "python/")
			}
		}
	}
}

// words checks that each piece of code in the cell names something that occurs.
func (k *checker) words(cell course.Cell, occurring map[string]bool, where string) {
	for _, code := range cell.Code {
		if name := lastName(code.Text); name != "" && !occurring[name] {
			k.drift(code.Line, "%s does not occur in %s of the lesson", name, where)
		}
	}
}

var identifier = regexp.MustCompile(`[\pL_][\pL\pN_]*`)

// lastName is what a piece of code calls or names: Listen in
// net.Listen("tcp", addr), OpError in *net.OpError, Accept in (*T).Accept().
func lastName(code string) string {
	if at := strings.Index(code, "("); at > 0 {
		code = code[:at]
	} else if at == 0 {
		_, code, _ = strings.Cut(code, ")")
		code, _, _ = strings.Cut(code, "(")
	}
	names := identifier.FindAllString(code, -1)
	if len(names) == 0 {
		return ""
	}
	return names[len(names)-1]
}
