package course

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Sources is what a lesson's programs and tests are made of.
type Sources struct {
	Files  []File
	Tests  map[string]bool // Test, Benchmark, Fuzz and Example functions
	Absent map[string]bool // those of them that are compiled on other systems only
	Claims []string        // those of claims_test.go, in their order
	Flags  []Flag
	Go     map[string]bool // every word of the Go files, comments left out
	Python map[string]bool // every word of the Python files
	Broken error           // why a Go file cannot be parsed, which counts as far as it can: somebody may be writing it
}

// A File is one Go file of a lesson.
type File struct {
	Path    string // relative to the lesson, with slashes
	Lines   int
	Imports []string
}

var (
	word     = regexp.MustCompile(`[\pL_][\pL\pN_]*`)
	testName = regexp.MustCompile(`^(Test|Benchmark|Fuzz|Example)([^a-z]|$)`)
)

// Sources reads the lesson's Go files, tests included, and its Python files.
func (l *Lesson) Sources() (*Sources, error) {
	s := &Sources{Tests: map[string]bool{}, Absent: map[string]bool{}, Go: map[string]bool{}, Python: map[string]bool{}}
	err := filepath.WalkDir(l.Dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); name == "testdata" || name[0] == '.' || name[0] == '_' {
				return fs.SkipDir
			}
			return nil
		}
		if name := entry.Name(); name[0] == '.' || name[0] == '_' {
			return nil // as the go command does; editors leave such files
		}
		relative, err := filepath.Rel(l.Dir, file)
		if err != nil {
			return err
		}
		return s.add(l.Dir, filepath.ToSlash(relative))
	})
	if err != nil {
		return nil, fmt.Errorf("reading the sources of %s: %w", l.Name, err)
	}
	return s, nil
}

func (s *Sources) add(dir, name string) error {
	switch path.Ext(name) {
	case ".py":
		source, err := ReadFile(dir, name)
		if err != nil {
			return err
		}
		addWords(s.Python, string(source))
	case ".go":
		source, err := ReadFile(dir, name)
		if err != nil {
			return err
		}
		here, err := build.Default.MatchFile(filepath.Join(dir, filepath.FromSlash(path.Dir(name))), path.Base(name))
		if err != nil {
			return err
		}
		return s.addGo(name, source, here)
	}
	return nil
}

func (s *Sources) addGo(name string, source []byte, here bool) error {
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	s.Broken = cmp.Or(s.Broken, err)
	file := File{Path: name, Lines: strings.Count(string(source), "\n")}
	for _, spec := range tree.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value) // it has parsed
		file.Imports = append(file.Imports, imported)
	}
	s.Files = append(s.Files, file)
	if strings.HasSuffix(name, "_test.go") {
		for _, decl := range tree.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && testName.MatchString(f.Name.Name) {
				s.Tests[f.Name.Name] = true
				if name == "claims_test.go" {
					s.Claims = append(s.Claims, f.Name.Name)
				}
				if !here {
					s.Absent[f.Name.Name] = true
				}
			}
		}
	}
	if path.Base(name) == "main.go" {
		for call, defined := range flagCalls(tree) {
			s.Flags = append(s.Flags, Flag{defined, name, files.Position(call.Pos()).Line})
		}
	}
	addTokens(s.Go, source)
	return nil
}

func addWords(words map[string]bool, text string) {
	for _, w := range word.FindAllString(text, -1) {
		words[w] = true
	}
}

// addTokens adds the words of Go source, those in strings included and those in
// comments not: a comment about a call does not make it.
func addTokens(words map[string]bool, source []byte) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(source))
	s.Init(file, source, nil, 0)
	for {
		_, tok, literal := s.Scan()
		if tok == token.EOF {
			return
		}
		addWords(words, literal)
	}
}
