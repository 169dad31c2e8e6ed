package page

import (
	"html/template"
	"strings"
	"testing"

	"github.com/alecthomas/chroma/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rendered is the HTML of Markdown, as if it stood in lesson/README.md.
func rendered(t *testing.T, markdown string) template.HTML {
	t.Helper()
	d := newDocument("lesson/README.md", []byte(markdown), in)
	html, err := d.html(d.root)
	require.NoError(t, err)
	return html
}

func TestALinkLeadsIntoTheCourseOrToTheWebOrNowhere(t *testing.T) {
	for markdown, want := range map[string]string{
		"[x](a.md)":                 `<a href="/in/lesson/a.md">x</a>`,
		"[x](./a.md#b \"t\")":       `<a href="/in/lesson/a.md#b" title="t">x</a>`,
		"[x](../b/)":                `<a href="/in/b">x</a>`,
		"[x](..)":                   `<a href="/in/.">x</a>`,
		"[x](a&b.md)":               `<a href="/in/lesson/a&amp;b.md">x</a>`,
		"[x](&amp;#106;ava)":        `<a href="/in/lesson/&amp;#106;ava">x</a>`,
		"[x](#here)":                `<a href="#here">x</a>`,
		"[x](https://go.dev/a?b#c)": `<a href="https://go.dev/a?b#c" rel="noreferrer noopener" target="_blank">x</a>`,
		"<https://go.dev>":          `<a href="https://go.dev" rel="noreferrer noopener" target="_blank">https://go.dev</a>`,
		"[![*x*](a.png)](a.md)":     `<a href="/in/lesson/a.md"><em>x</em></a>`,
		"![x](a.png)":               "x",
		"<a@b.cc>":                  "a@b.cc",
		"<ftp://go.dev>":            "ftp://go.dev",
	} {
		assert.Equal(t, "<p>"+want+"</p>\n", string(rendered(t, markdown)), markdown)
	}
	for _, to := range []string{
		"", "?", "?q", "//", "//go.dev/a", "///go.dev", "/etc/passwd", "../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "a.md?b=c",
		"javascript:alert(1)", "JavaScript:alert(1)", "&#106;avascript:alert(1)", "javascript&colon;alert(1)", "\\javascript:alert(1)", "../javascript%3Aalert(1)", "java%0Ascript:a", "data:text/html,x",
		"vbscript:x", "file:///etc/passwd", "mailto:a@b.cc", "http:go.dev", "http:///go.dev", "https:", "C:/a", `<\\\\go.dev\\a>`, `<a\\b>`,
		".git/config", "../.ci/run", "a/.hidden", "a%23b", "a%3fb", "%zz",
	} {
		assert.Equal(t, "<p>x</p>\n", string(rendered(t, "[x]("+to+")")), to)
	}
}

func TestALinkThatTheLinkerDoesNotWantIsPlainText(t *testing.T) {
	d := newDocument("README.md", []byte("[*a* b](c.md)\n\n```go c.go\n```\n"), func(string) string { return "" })
	html, err := d.html(d.root)
	require.NoError(t, err)
	assert.Contains(t, html, "<p><em>a</em> b</p>")
	assert.Contains(t, html, "<figcaption>c.go</figcaption>")
}

func TestMarkdownCannotBringMarkupOfItsOwn(t *testing.T) {
	for _, markdown := range []string{
		"<script>alert(1)</script>", "a <img src=x onerror=alert(1)> b", "<div style='x'>\n\n*a*\n\n</div>", "<!-- a -->", "<svg/onload=a>",
		"# a {#b onclick=c}", "# <b onclick=a>c</b>", "[a](b.md \"\\\" onclick=c\")", "[<b onclick=a>](c.md)", "![<script>](a.md '\"><b>')",
		"[a](b.md#\"><script>)", "[a](<b\"onclick=c>)", "[a](https://b/\"onclick=c)", "<https://a/\"onclick=b>",
		"`<script>`", "    <script>", "```<script> \"><b>\n</code><script>\n```", "```go \"><script> a=<script>\n<script>\n```",
		"```diff x.go \"onclick=a=\"onclick=b\n+<b>\n```", "```console\n<b> | $ <script>\n```",
		"```mermaid\nsequenceDiagram\nparticipant A as <b>\"\nA->>B: <script>\nNote over B: <script>\nloop <script>\nend\n```",
		"```mermaid\n<script>\n```", "|<script>|\n|---|\n|`<script>`|\n", "> - 1. # <script>\n> ***\n> [a](javascript:b)", "&lt;script&gt; &#60;script>",
	} {
		t.Run("", func(t *testing.T) { assertHarmless(t, rendered(t, markdown)) })
		assert.NotContains(t, rendered(t, markdown), "<script", markdown)
	}
}

func TestAVeryLongPageIsShownAndALongerOneIsRefused(t *testing.T) {
	unit := "# A *b*\n\n[c](d.md) `e`\n\n- f\n  > g\n\n```\nx\n```\n\n"
	long := strings.Repeat(unit, 128<<10/len(unit))
	c := written(t, map[string]string{"long.md": long, "longer.md": long + unit, "a.go": "", "x.md": "\xff"})
	p, err := Render(c, "long.md", in)
	require.NoError(t, err)
	assert.Equal(t, len(long)/len(unit), strings.Count(string(p.HTML), "<h1"))
	for file, want := range map[string]string{
		"longer.md": "longer.md is longer than 131072 bytes",
		"a.go":      "a.go is not a page",
		"x.md":      "x.md is not text",
		"y.md":      "show y.md: file does not exist",
	} {
		_, err := Render(c, file, in)
		assert.EqualError(t, err, want)
	}
}

func TestWhatCannotBeColouredInTimeIsPlain(t *testing.T) {
	code := strings.Repeat("@a ", 1000) + "\n"
	found := tokenise("python", code, -1) // it was over before it began
	require.Len(t, found, 2)
	assert.Equal(t, chroma.Text, found[1].Type)
	assert.Equal(t, code, found[0].Value+found[1].Value)
}

func TestManyBlocksInLanguagesThatNobodyKnowsTakeNoLongerThanOthers(t *testing.T) {
	// Chroma compares an unknown name with some hundred patterns: 10 ms each.
	before := testing.AllocsPerRun(1, func() { tokenise("go", "x\n", maxColouring) })
	after := testing.AllocsPerRun(1, func() { tokenise("klingon", "x\n", maxColouring) })
	assert.Less(t, after, before)
}
