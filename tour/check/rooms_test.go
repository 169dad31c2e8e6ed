package check

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// repository returns what matches pattern below the course's root, of which
// there has to be something.
func repository(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(pattern)))
	require.NoError(t, err)
	require.NotEmpty(t, files, "files like %s", pattern)
	return files
}

func TestTheArmourIsTheSameInEveryLessonThatHasIt(t *testing.T) {
	for name, lessons := range map[string]int{"command": 6, "journal": 5, "guard": 4} {
		first := map[string]string{} // where a file was seen first
		folders := repository(t, "lesson*/internal/"+name)
		assert.Len(t, folders, lessons, "lessons with %s", name)
		for _, folder := range folders {
			files, err := os.ReadDir(folder)
			require.NoError(t, err)
			for _, file := range files {
				here := filepath.Join(folder, file.Name())
				text, err := os.ReadFile(here)
				require.NoError(t, err)
				if first[file.Name()] == "" {
					first[file.Name()] = here
				}
				want, err := os.ReadFile(first[file.Name()])
				require.NoError(t, err)
				assert.True(t, string(text) == string(want), "%s and %s are not the same: copy one over the other", here, first[file.Name()])
			}
			assert.Len(t, files, len(first), "%s lacks a file that the same package has in another lesson", folder)
		}
	}
}

// imports returns what a Go file imports.
func imports(t *testing.T, file string) (imported []string) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	require.NoError(t, err)
	for _, spec := range tree.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		imported = append(imported, name)
	}
	return imported
}

func TestTheArmourIsALeaf(t *testing.T) {
	for _, file := range repository(t, "lesson*/internal/*/*.go") {
		for _, name := range imports(t, file) {
			assert.NotContains(t, name, "example.com/gosockets", "%s imports %s", file, name)
		}
	}
}

// longer are the plain programs that have more to do than fits 50 lines.
var longer = []string{"command", "sticky", "frame", "file"}

func TestAPlainProgramIsOneShortFileOfTheStandardLibrary(t *testing.T) {
	for _, folder := range repository(t, "lesson*/plain/*") {
		files, err := os.ReadDir(folder)
		require.NoError(t, err)
		require.Len(t, files, 1, "files in %s", folder)
		file := filepath.Join(folder, "main.go")
		text, err := os.ReadFile(file)
		require.NoError(t, err, "the one file of a plain program is main.go")
		limit := 50
		if kind, _, _ := strings.Cut(filepath.Base(folder), "_"); slices.Contains(longer, kind) {
			limit = 80
		}
		assert.LessOrEqual(t, strings.Count(string(text), "\n"), limit, "lines of %s", file)
		for _, name := range imports(t, file) {
			first, _, _ := strings.Cut(name, "/")
			assert.NotContains(t, first, ".", "%s imports %s, which is not of the standard library", file, name)
			assert.NotEqual(t, "flag", name, "%s has flags", file)
		}
	}
}

func TestAPlainProgramHasAPythonTwin(t *testing.T) {
	for _, folder := range repository(t, "lesson*/plain/*") {
		name := filepath.Base(folder)
		if name == "concurrent_server" { // Go's own step
			continue
		}
		assert.FileExists(t, filepath.Join(folder, "..", "..", "python", name+".py"))
	}
}
