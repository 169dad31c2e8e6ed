package page

import (
	"go/ast"
	"go/token"
)

// A declaration is one of a Go file's functions, methods, types, variables or
// constants.
type declaration struct {
	name     string // of a method: its type's, since who has one can call the other
	from, to int    // its lines
	words    []string
}

// declarations are the top-level ones of a file.
func declarations(files *token.FileSet, tree *ast.File) (all []declaration) {
	add := func(name string, n ast.Node) {
		d := declaration{name: name, from: files.Position(n.Pos()).Line, to: files.Position(n.End()).Line}
		ast.Inspect(n, func(n ast.Node) bool {
			if word, ok := n.(*ast.Ident); ok {
				d.words = append(d.words, word.Name)
			}
			return true
		})
		all = append(all, d)
	}
	for _, decl := range tree.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			name := decl.Name.Name
			if decl.Recv != nil {
				name = receiver(decl.Recv)
			}
			add(name, decl)
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					add(spec.Name.Name, spec)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						add(name.Name, spec)
					}
				}
			}
		}
	}
	return all
}

// receiver is the name of a method's type.
func receiver(recv *ast.FieldList) (name string) {
	ast.Inspect(recv.List[0].Type, func(n ast.Node) bool {
		if word, ok := n.(*ast.Ident); ok && name == "" {
			name = word.Name
		}
		return true
	})
	return name
}

// plays reports which lines of the Go programs take part in a role: those of its
// own files, and of what these name, and of what that names in its turn. In other
// languages it is all lines.
func plays(programs []*program, role string) func(p *program, line int) bool {
	named := map[string]bool{}
	part := map[*program]map[int]bool{} // by program: the indexes of its declarations
	for again := true; again; {
		again = false
		for _, p := range programs {
			own := takes(p.path, role) && !takes(p.path, otherRole[role])
			for i, d := range p.declarations {
				if part[p][i] || !own && !(takes(p.path, role) && named[d.name]) {
					continue
				}
				if part[p] == nil {
					part[p] = map[int]bool{}
				}
				part[p][i], again = true, true
				for _, word := range d.words {
					named[word] = true
				}
			}
		}
	}
	return func(p *program, line int) bool {
		for i, d := range p.declarations {
			if d.from <= line && line <= d.to {
				return part[p][i]
			}
		}
		return true
	}
}

var otherRole = map[string]string{"server": "client", "client": "server"}
