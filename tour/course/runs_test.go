package course

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const runsPage = "# Lesson 1\n\n## Programs\n\n### echo\n\n" +
	"| side | name | command |\n|---|---|---|\n" +
	"| server | Go | `go run ./lesson01-echo/server` |\n| client | Python | `python3 lesson01-echo/python/client.py` |\n\n" +
	"## Runs\n\n### One `word`\n\nIt goes there\nand back.\n\n" +
	"```console In Go\na    | $ go run ./lesson01-echo/server\na    | …\na    | [kill]\nwire | >>> reset\nwire | server → client 1, RST, by the relay\n```\n\n" +
	"```console\na | $ python3 lesson01-echo/python/client.py\n```\n"

// runsOf reads a page of runs.
func runsOf(t *testing.T, page string) (*Runs, error) {
	t.Helper()
	root := t.TempDir()
	lesson := &Lesson{Name: "lesson01-echo"}
	file := filepath.Join(root, filepath.FromSlash(lesson.Runs()))
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
	require.NoError(t, os.WriteFile(file, []byte(page), 0o600))
	return (&Course{Root: root}).Runs(lesson)
}

func TestRunsAreProgramsThatMeetAndTranscriptsToWatch(t *testing.T) {
	runs, err := runsOf(t, runsPage)
	require.NoError(t, err)
	assert.Equal(t, []Exchange{{Name: "echo", Programs: []Program{
		{"server", "Go", "go run ./lesson01-echo/server"},
		{"client", "Python", "python3 lesson01-echo/python/client.py"},
	}}}, runs.Exchanges)
	require.Len(t, runs.Runs, 1)
	run := runs.Runs[0]
	assert.Equal(t, "One word", run.Title)
	assert.Equal(t, "one-word", run.Anchor)
	assert.Equal(t, "It goes there\nand back.", run.Text)
	require.Len(t, run.Ways, 2)
	assert.Equal(t, "In Go", run.Ways[0].Name)
	assert.Equal(t, "", run.Ways[1].Name)
	var actions []Action
	var shown []string
	for _, step := range run.Ways[0].Steps {
		actions, shown = append(actions, step.Action), append(shown, step.String())
	}
	assert.Equal(t, []Action{Start, Rest, Kill, Type, Print}, actions)
	assert.Equal(t, []string{"$ go run ./lesson01-echo/server", "…", "[kill]", ">>> reset", "server → client 1, RST, by the relay"}, shown)
}

func TestEveryLessonHasRuns(t *testing.T) {
	c, err := Open(".")
	require.NoError(t, err)
	for _, lesson := range c.Lessons {
		runs, err := c.Runs(lesson)
		require.NoError(t, err)
		languages := map[string]bool{}
		for _, program := range runs.Exchanges[0].Programs {
			languages[program.Side+" in "+program.Command[:2]] = true
		}
		for _, language := range []string{"server in go", "client in go", "server in py", "client in py"} {
			assert.True(t, languages[language], "%s: the first exchange has no %s", lesson.Name, language)
		}
	}
}

func TestALessonWithoutRunsIsAnError(t *testing.T) {
	_, err := (&Course{Root: t.TempDir()}).Runs(&Lesson{Name: "lesson01-echo"})
	assert.ErrorIs(t, err, os.ErrNotExist)
}
