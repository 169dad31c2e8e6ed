package course

import (
	"go/ast"
	"go/token"
	"iter"
	"path"
	"regexp"
	"strconv"
)

// A Flag is a command line flag that a program defines.
type Flag struct {
	Name string
	File string // relative to the lesson, with slashes
	Line int
}

// HasFlag reports whether the program in dir, a folder of the lesson, defines
// the flag.
func (s *Sources) HasFlag(dir, name string) bool {
	for _, f := range s.Flags {
		if f.Name == name && path.Dir(f.File) == dir {
			return true
		}
	}
	return false
}

var definesFlag = regexp.MustCompile(`^(Bool|String|Int|Int64|Uint|Uint64|Float64|Duration|Text|Func|BoolFunc)?(Var)?$`)

// flagCalls yields the calls that define a flag, and its name: those of package
// flag and of its FlagSet, and those of a helper that is handed the FlagSet and
// the name.
func flagCalls(tree *ast.File) iter.Seq2[*ast.CallExpr, string] {
	sets := map[string]bool{} // the variables that hold a FlagSet
	return func(yield func(*ast.CallExpr, string) bool) {
		for n := range ast.Preorder(tree) {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if v, ok := n.Lhs[0].(*ast.Ident); ok && isNewFlagSet(n.Rhs[0]) {
					sets[v.Name] = true
				}
			case *ast.CallExpr:
				if name := flagName(n, sets); name != "" && !yield(n, name) {
					return
				}
			}
		}
	}
}

func isNewFlagSet(x ast.Expr) bool {
	call, ok := x.(*ast.CallExpr)
	if !ok {
		return false
	}
	fun, ok := call.Fun.(*ast.SelectorExpr)
	return ok && fun.Sel.Name == "NewFlagSet"
}

// flagName returns the name that the call defines a flag by, or "".
func flagName(call *ast.CallExpr, sets map[string]bool) string {
	if len(call.Args) < 3 { // a flag has at least a name, a value and a usage
		return ""
	}
	if set, ok := call.Args[0].(*ast.Ident); ok && sets[set.Name] {
		return stringLiteral(call.Args[1])
	}
	fun, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	set, ok := fun.X.(*ast.Ident)
	if !ok || set.Name != "flag" && !sets[set.Name] {
		return ""
	}
	m := definesFlag.FindStringSubmatch(fun.Sel.Name)
	switch {
	case m == nil:
		return ""
	case m[2] == "Var": // where to put it comes first
		return stringLiteral(call.Args[1])
	default:
		return stringLiteral(call.Args[0])
	}
}

// stringLiteral is the value of a string literal, or "" for anything else.
func stringLiteral(x ast.Expr) string {
	literal, ok := x.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return ""
	}
	value, _ := strconv.Unquote(literal.Value) // it has parsed
	return value
}
