package check

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/tour/course"
)

func TestASectionOutOfPlaceIsFound(t *testing.T) {
	find(t, []finding{
		{"another title", edit{readme, "## Fit for strangers", "## Fit"}, readme, "", "expected the sections Run it,"},
		{"a section more", edit{readme, "## Further reading", "## More\n\n## Further reading"}, readme, "", "Proof, More, Further reading"},
	})
}

func TestASectionWithoutWhatItPromisesIsFound(t *testing.T) {
	find(t, []finding{
		{"no transcript", edit{readme, "```console\nserver | $ go run ./lesson01-echo/server\nserver | listening on 127.0.0.1:8081\nserver | [exit 0]\n```", ""},
			readme, "## Run it", "shows no transcript"},
		{"no table of calls", edit{readme, "| Python | Go | The kernel |\n|---|---|---|\n| `data.upper()` | `strings.ToUpper(text)` | does nothing |\n", ""},
			readme, "## Line by line", "has no table of calls"},
		{"no subsection", edit{readme, "### Nothing comes\n", ""}, readme, "## What goes wrong", "has no subsection"},
		{"no cause", edit{readme, "**Cause.**", "Cause."}, readme, "### Nothing comes", "has no **Cause**"},
		{"no test", edit{readme, "`TestItEnds` shows", "A test shows"}, readme, "### Nothing comes", "names no test"},
		{"one change only", edit{readme, "```diff server.go fails=TestItEchoes\n-	return strings.ToUpper(text)\n+	return strings.ToLower(text)\n```", ""},
			readme, "## Practise", "at least two changes to make in \"Practise\", there are 1"},
		{"no program in full", edit{readme, "```go plain/echo_server/main.go\npackage main\n\nimport \"fmt\"\n\nfunc main() {\n\tfmt.Println(\"HELLO\")\n}\n```", ""}, readme, "## Line by line", "shows no plain program in full"},
		{"no link to all claims", edit{readme, "(PROOF.md)", "(echo_test.go)"}, readme, "## Proof", "has no link to PROOF.md"},
		{"a main claim left out", edit{readme, "`TestItEchoesOnce`, and", "All,"}, readme, "## Proof", "TestItEchoesOnce of claims_test.go is missing"},
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

func TestAPageThatIsTooLongIsFound(t *testing.T) {
	title := "# Echo\n"
	atLimit := func(limit int, upTo string) string {
		c := edited(t)
		page, err := c.Page(readme)
		require.NoError(t, err)
		end := 1 << 30
		if upTo != "" {
			end = page.Section(upTo).Line
		}
		return strings.Repeat("word\n", limit-words(page.Prose(1, end)))
	}
	for name, long := range map[string]finding{
		"in all":       {edit: edit{readme, "## Further reading\n", "## Further reading\n\n" + atLimit(wordsInAll, "")}, in: readme, on: title[:6], says: "1801 words, more than 1800"},
		"to the lines": {edit: edit{readme, "## Run it\n", "## Run it\n\n" + atLimit(wordsToTheLines, "What goes wrong")}, in: readme, on: "## Line by line", says: "901 words to the end of"},
	} {
		t.Run(name, func(t *testing.T) {
			c := edited(t, long.edit)
			k := newChecker(c, readme, c.Lessons[0])
			require.True(t, k.open())
			k.length()
			assert.Empty(t, k.done().Drifts, "at the limit")
			more := long.edit
			more.new += "word\n"
			c = edited(t, more)
			k = newChecker(c, readme, c.Lessons[0])
			require.True(t, k.open())
			k.length()
			requireOne(t, c, k.done(), long)
		})
	}
	find(t, []finding{{"no minutes", edit{readme, "5 minutes. ", ""}, readme, "# Echo", "how many minutes"}})
}

func TestWordsOfTablesAndCodeDoNotCount(t *testing.T) {
	page := course.Parse("x.md", []byte("# One\n\n| two | three |\n|---|---|\n\n```sh\nfour\n```\n\nfive\n"))
	assert.Equal(t, "# One\n\n\n\nfive\n\n", page.Prose(1, 100))
}
