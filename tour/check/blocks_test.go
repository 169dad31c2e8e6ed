package check

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAnExcerptThatDriftedIsFound(t *testing.T) {
	find(t, []finding{
		{"a word", edit{readme, "\treturn \"\"\n}", "\treturn nil\n}"}, readme, "return nil", `server.go: here "\treturn nil", there on line 11 "return \"\""`},
		{"a line less", edit{readme, "\treturn \"\"\n}", "}"}, readme, "}", "the excerpt drifted"},
		{"nothing like it", edit{readme, "if text == \"\" {\n\treturn \"\"\n}\n", "panic(1)\n"}, readme, "panic(1)", "nothing there is like"},
		{"the file", edit{"lesson01-echo/python/echo_server.py", "", "x = \"\".upper()\n"}, readme, "print(", "nothing there is like"},
		{"another file", edit{readme, "```go server.go", "```go serve.go"}, readme, "```go", "lesson01-echo/serve.go, which cannot be read"},
		{"indentation within", edit{readme, "\treturn \"\"\n}", "\t\treturn \"\"\n}"}, readme, "return", "the excerpt drifted"},
		{"at the root", edit{front, "// Word is what the server says.", "// Word is what it says."}, front, "// Word", "lesson01-echo/server.go"},
		{"a transcript at the root", edit{front, "server | listening on 127.0.0.1:8081", "server | listening"}, front, "server | listening", "drifted from " + readme},
	})
}

func TestAnExcerptThatIsBlankOrLongIsFound(t *testing.T) {
	long := strings.Repeat("x = 1\n", 21)
	find(t, []finding{
		{"blank", edit{readme, "```go server.go\nif text == \"\" {\n\treturn \"\"\n}\n```", "```go server.go\n\n```"}, readme, "```go", "blank"},
		{"empty", edit{readme, "```go server.go\nif text == \"\" {\n\treturn \"\"\n}\n```", "```go server.go\n```"}, readme, "```go", "blank"},
	})
	c := edited(t, edit{"lesson01-echo/python/echo_server.py", "", "upper\n" + long},
		edit{readme, "```python python/echo_server.py\nprint(\"hello\".upper())\n", "```python python/echo_server.py\n" + long},
		edit{readme, "[python/echo_server.py](python/echo_server.py)", "[python/echo_server.py:2](python/echo_server.py#L2)"})
	k := newChecker(c, readme, c.Lessons[0])
	k.open()
	k.read()
	requireOne(t, c, k.done(), finding{in: readme, on: "```python", says: "has 21 lines, more than 20"})
}

func TestAnExcerptSaysWhereItStands(t *testing.T) {
	find(t, []finding{
		{"another line", edit{readme, "[server.go:10](server.go#L10)", "[server.go:9](server.go#L9)"}, readme, "```go server.go", "the line above this excerpt does not have [server.go:10](server.go#L10)"},
		{"a whole program", edit{readme, "[plain/echo_server/main.go](plain/echo_server/main.go)", "The server:"}, readme, "```go plain", "does not have [plain/echo_server/main.go]"},
	})
}

func TestATranscriptAtTheRootMayBeLong(t *testing.T) {
	long := "server | listening on 127.0.0.1:8081\n" + strings.Repeat("server | line\n", 30)
	c := edited(t, edit{readme, "server | listening on 127.0.0.1:8081\n", long},
		edit{front, "server | listening on 127.0.0.1:8081\n", long})
	assert.Empty(t, FrontDoor(c, front).Drifts)
}

func TestLineEndingsDoNotCount(t *testing.T) {
	c := edited(t, edit{front, "", strings.ReplaceAll("# Sockets\n\n[1](lesson01-echo)\n\n```text lesson01-echo/x\na\nb\n```\n", "\n", "\r\n")},
		edit{"lesson01-echo/x", "", "a\r\nb\r\n"})
	assert.Empty(t, FrontDoor(c, front).Drifts)
}

func TestABlockThatNothingChecksIsFound(t *testing.T) {
	find(t, []finding{
		{"no info", edit{readme, "## Proof\n", "## Proof\n\n```\nx\n```\n"}, readme, "```", "without an info string"},
		{"no info and no lines", edit{readme, "## Proof\n", "## Proof\n\n```\n```\n"}, readme, "", "without an info string"},
		{"indented", edit{readme, "## Proof\n", "## Proof\n\n    x\n"}, readme, "    x", "indented"},
		{"another kind", edit{readme, "## Proof\n", "## Proof\n\n```json\n{}\n```\n"}, readme, "```json", `unknown block "json"`},
		{"go without a file", edit{readme, "```go server.go", "```go"}, readme, "```go", `unknown block "go"`},
		{"text in a lesson", edit{readme, "```go server.go", "```text server.go"}, readme, "```text", "unknown block"},
		{"text without a file, in another page than TROUBLE.md", edit{front, "```text lesson01-echo/server.go", "```text"}, front, "```text", "unknown block"},
		{"a transcript of its own at the root", edit{front, "```console lesson01-echo/README.md", "```console"}, front, "```console", "unknown block"},
	})
}

func TestIndentationThatIsSharedDoesNotCount(t *testing.T) {
	assert.Equal(t, []string{"a", "", "\tb"}, dedent([]string{"\t\ta  ", "", "\t\t\tb"}))
	assert.Equal(t, []string{"\ta", "b"}, dedent([]string{"\t\ta", "\tb"}))
	assert.Equal(t, []string{"\ta", "  b"}, dedent([]string{"\ta", "  b"}))
}
