package check

import "testing"

func TestASectionOutOfPlaceIsFound(t *testing.T) {
	find(t, []finding{
		{"another title", edit{readme, "## In Go you would also", "## In Go"}, readme, "", "expected the sections See it run,"},
		{"a section more", edit{readme, "## Further reading", "## More\n\n## Further reading"}, readme, "", "Try it, More, Further reading"},
	})
}

func TestASectionWithoutWhatItPromisesIsFound(t *testing.T) {
	find(t, []finding{
		{"no transcript", edit{readme, "```console\nserver | $ go run ./lesson01-echo/server\nserver | listening on 127.0.0.1:8081\nserver | [exit 0]\n```", ""},
			readme, "## See it run", "shows no transcript"},
		{"no table of calls", edit{readme, "| Python | Go | The kernel |\n|---|---|---|\n| `data.upper()` | `strings.ToUpper(text)` | does nothing |\n", ""},
			readme, "## How it works", "has no table of calls"},
		{"no subsection", edit{readme, "### Nothing comes\n", ""}, readme, "## What goes wrong", "has no subsection"},
		{"no cause", edit{readme, "**Cause.**", "Cause."}, readme, "### Nothing comes", "has no **Cause**"},
		{"no test", edit{readme, "`TestItEnds` shows", "A test shows"}, readme, "### Nothing comes", "names no test"},
		{"one change only", edit{readme, "```diff server.go fails=TestItEchoes\n-	return strings.ToUpper(text)\n+	return strings.ToLower(text)\n```", ""},
			readme, "## Try it", "at least two changes to make in \"Try it\", there are 1"},
	})
}

func TestADiagramThatIsNotSimpleIsFound(t *testing.T) {
	find(t, []finding{
		{"no sequence", edit{readme, "sequenceDiagram", "flowchart"}, readme, "flowchart", "expected sequenceDiagram"},
		{"another arrow", edit{readme, "C->>S: hello", "C==>S: hello"}, readme, "C==>S: hello", "not a line"},
		{"an arrow without words", edit{readme, "C->>S: hello", "C->>S"}, readme, "C->>S", "not a line"},
		{"a loop that does not end", edit{readme, "\n    end\n", "\n"}, readme, "    S-->>C: HELLO", "has no end"},
	})
}
