package check

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/tour/internal/ci"
	"example.com/gosockets/tour/runner"
)

const runs = "tour/runs/lesson01-echo.md"

func TestRunsThatDriftedAreFound(t *testing.T) {
	ci.Only(t, "compiles a lesson")
	c := edited(t)
	r, err := runner.New(c)
	require.NoError(t, err)
	defer r.Close()
	for name, f := range map[string]finding{
		"as it is":        {},
		"a line":          {edit: edit{runs, "server | [exit 0]", "server | ready\nserver | [exit 0]"}, says: `expected server to print "ready"`},
		"the status":      {edit: edit{runs, "[exit 0]", "[exit 1]"}, says: "status 1"},
		"what crosses":    {edit: edit{runs, "server | $ go", "wire   | client 1 → server, FIN\nserver | $ go"}, says: "there is no wire before a server listens"},
		"a fault":         {edit: edit{runs, "server | [exit 0]", "wire   | >>> dance"}, says: "the wire knows reset"},
		"no program":      {edit: edit{runs, "`go run ./lesson01-echo/client`", "`go run ./lesson01-echo/nobody`"}, says: "there is no such program"},
		"no server":       {edit: edit{runs, "| server | Go | `go run ./lesson01-echo/server` |", "| server | Go | `go run ./lesson01-echo/client` |"}, says: "takes no address"},
		"no client":       {edit: edit{runs, "| client | Go | `go run ./lesson01-echo/client` |\n", ""}, says: "expected a server and a client"},
		"neither":         {edit: edit{runs, "| client |", "| observer |"}, says: "expected rows of server or client"},
		"no transcript":   {edit: edit{runs, "```console Go", "```text"}, says: "expected a transcript"},
		"no label":        {edit: edit{runs, "server | [exit 0]", "[exit 0]"}, says: "LABEL | TEXT"},
		"no runs":         {edit: edit{runs, "## Runs", "## Run"}, says: `runs below "Runs"`},
		"no file":         {edit: edit{file: runs, new: ""}, says: `expected programs below "Programs"`},
		"a terminal only": {edit: edit{runs, "server | [exit 0]", "wire   | ^D"}, says: "the wire is no terminal"},
	} {
		t.Run(name, func(t *testing.T) {
			if f.says != "" {
				f.edit.in(t, c)
			}
			report := Runs(t.Context(), r, c.Lessons[0])
			if f.says == "" {
				assert.Empty(t, report.Drifts)
				return
			}
			require.Len(t, report.Drifts, 1, "%v", report.Drifts)
			assert.Contains(t, report.Drifts[0].Text, f.says)
			assert.Equal(t, runs, report.Drifts[0].File)
		})
	}
}
