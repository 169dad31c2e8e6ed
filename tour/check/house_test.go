package check

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestALessonThatDoesNotStandAloneIsFound(t *testing.T) {
	goMod, server := "lesson01-echo/go.mod", "lesson01-echo/server.go"
	find(t, []finding{
		{"a requirement", edit{goMod, "go 1.26.0\n", "go 1.26.0\n\nrequire example.com/course/lesson02-more v0.0.0\n"}, goMod, "lesson02", "stands alone"},
		{"an import", edit{server, `import "strings"`, "import (\"strings\"; _ \"example.com/course/tour\")"}, server, "", "imports example.com/course/tour"},
		{"no module", edit{goMod, "module example.com/course/lesson01-echo", ""}, goMod, "", "is not a go.mod"},
	})
}

func TestAFileThatIsTooLongIsFound(t *testing.T) {
	for file, limit := range map[string]int{
		"server.go":      150,
		"client.go":      150,
		"echo_test.go":   250,
		"server/main.go": 59,
		"client/main.go": 59,
		"limits.go":      250,
	} {
		path := "lesson01-echo/" + file
		source, err := os.ReadFile(filepath.Join(edited(t).Root, path))
		if err != nil {
			source = []byte("package echo\n") // the good course has no such file
		}
		atLimit := string(source) + strings.Repeat("//\n", limit-strings.Count(string(source), "\n"))
		c := edited(t, edit{path, "", atLimit})
		k := newChecker(c, readme, c.Lessons[0])
		require.True(t, k.open())
		k.read()
		assert.Empty(t, k.done().Drifts, file)
		find(t, []finding{{file, edit{path, "", atLimit + "//\n"}, path, "", "more than"}})
	}
}
