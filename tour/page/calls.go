package page

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"github.com/alecthomas/chroma/v2"
)

// A call is a place where a program calls something.
type call struct {
	line int    // from 1
	name string // with what stands before it: conn.recv
	text string // with the arguments, without blanks
}

// A program is a source file as its calls, and as its lines without what stands
// in comments.
type program struct {
	path  string // relative to the root
	lines []string
	code  []string // the lines, comments and strings blanked out
	calls []call

	declarations []declaration // of a Go file
}

func newProgram(path, source string) *program {
	lang := language(path)
	code := blankOut(lang, source)
	p := &program{path: path, lines: strings.Split(source, "\n"), code: strings.Split(code, "\n")}
	if lang == "python" {
		p.calls = pythonCalls(source, code)
	} else {
		files := token.NewFileSet()
		// As much of it as can be parsed: a learner may be in the middle of changing it.
		tree, _ := parser.ParseFile(files, path, source, parser.SkipObjectResolution)
		p.calls, p.declarations = goCalls(files, tree), declarations(files, tree)
	}
	return p
}

// blankOut returns source with a blank for each byte of its comments and
// strings, so that everything else stays where it is.
func blankOut(language, source string) string {
	var out strings.Builder
	for _, token := range tokens(language, source) {
		if token.Type.InCategory(chroma.Comment) || token.Type.InSubCategory(chroma.LiteralString) {
			for i := range len(token.Value) {
				if token.Value[i] == '\n' {
					out.WriteByte('\n')
				} else {
					out.WriteByte(' ')
				}
			}
			continue
		}
		out.WriteString(token.Value)
	}
	return out.String()
}

var pythonCall = regexp.MustCompile(`((?:def|class)\s+)?([\pL_][\pL\pN_.]*)\s*\(`)

// pythonCalls finds the calls in code, which is source with blanks for its
// comments and strings.
func pythonCalls(source, code string) []call {
	var calls []call
	for _, at := range pythonCall.FindAllStringSubmatchIndex(code, -1) {
		if at[2] >= 0 {
			continue // it says what a call does, and makes none
		}
		calls = append(calls, call{
			line: 1 + strings.Count(code[:at[0]], "\n"),
			name: code[at[4]:at[5]],
			text: dense(source[at[0]:closing(code, at[1])]),
		})
	}
	return calls
}

// closing returns the offset behind the bracket that closes one opened before
// from, or the end of code.
func closing(code string, from int) int {
	for open := 1; from < len(code); from++ {
		switch code[from] {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return from + 1
			}
		}
	}
	return len(code)
}

func goCalls(files *token.FileSet, tree *ast.File) (calls []call) {
	ast.Inspect(tree, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			at := c.Fun.Pos()
			if selector, ok := c.Fun.(*ast.SelectorExpr); ok {
				at = selector.Sel.Pos()
			}
			calls = append(calls, call{files.Position(at).Line, types.ExprString(c.Fun), dense(types.ExprString(c))})
		}
		return true
	})
	return calls
}

// dense is code without its blanks.
func dense(code string) string { return strings.Join(strings.Fields(code), "") }
