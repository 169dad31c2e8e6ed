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

// proof checks that the tables of "Proof" are complete: each test and each fuzz
// target of the lesson stands in one.
func (k *checker) proof() {
	section := k.page.Section("Proof")
	proven := map[string]bool{"TestMain": true} // not a test
	for _, table := range section.Tables {
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
		if counts && !proven[name] && !slices.Contains(k.written, name) {
			k.drift(section.Line, "%s is missing from the tables of %q", name, section.Title)
		}
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

// tables checks the words in the tables that put Python and Go side by side.
// Calls of the first table of "How it works" are ones that the lesson makes.
func (k *checker) tables() {
	how := k.page.Section("How it works")
	calls := 0 // the line of the table of calls
	if len(how.Tables) > 0 {
		calls = how.Tables[0].Line
	}
	for _, table := range k.page.Tables {
		python, golang := table.Column("Python"), table.Column("Go")
		if table.Line == calls && (python < 0 || golang < 0 || table.Column("ernel") < 0) {
			k.drift(table.Line, "expected the columns Python, Go and kernel in the table of calls")
		}
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
	if calls == 0 {
		k.drift(how.Line, "%q has no table of calls", how.Title)
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
