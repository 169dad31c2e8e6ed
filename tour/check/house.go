package check

import (
	"path"
	"strings"

	"golang.org/x/mod/modfile"

	"example.com/gosockets/tour/course"
)

// house checks the lesson against the rules of the house: short files, and no
// use of another lesson.
func (k *checker) house() {
	for _, file := range k.sources.Files {
		if limit := maxLines(file.Path); file.Lines > limit {
			k.driftIn(path.Join(k.lesson.Name, file.Path), 0, "has %d lines, more than %d", file.Lines, limit)
		}
	}
	goMod := path.Join(k.lesson.Name, "go.mod")
	source, err := course.ReadFile(k.course.Root, goMod)
	if err != nil {
		k.driftIn(goMod, 0, "cannot be read: %v", err)
		return
	}
	module, err := modfile.Parse(goMod, source, nil)
	if err != nil || module.Module == nil {
		k.driftIn(goMod, 0, "is not a go.mod: %v", err)
		return
	}
	own := module.Module.Mod.Path
	for _, require := range module.Require {
		if sibling(own, require.Mod.Path) {
			k.driftIn(goMod, require.Syntax.Start.Line, "requires %s: a lesson stands alone", require.Mod.Path)
		}
	}
	for _, file := range k.sources.Files {
		for _, imported := range file.Imports {
			if sibling(own, imported) {
				k.driftIn(path.Join(k.lesson.Name, file.Path), 0, "imports %s: a lesson stands alone", imported)
			}
		}
	}
}

// maxLines is how long a Go file may be: a main.go wires and no more, and what
// a page walks through is read in one go.
func maxLines(file string) int {
	switch file {
	case "server/main.go", "client/main.go":
		return 59
	case "server.go", "client.go":
		return 150
	default:
		return 250
	}
}

// sibling reports whether a package or module is of this course and of another
// module than own.
func sibling(own, other string) bool {
	return strings.HasPrefix(other, path.Dir(own)+"/") && other != own && !strings.HasPrefix(other, own+"/")
}
