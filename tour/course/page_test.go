package course

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const page = `# A *page* of ` + "`code`" + `

Text with ` + "`one`" + ` and [a link](to/there.md "title")
that goes on with ` + "`two`" + ` and ![an image](here.png).

## First

| Python | The Go call |
|--------|-------------|
| a      | ` + "`x`, `y`" + ` |

- item

  ~~~go server.go
  func f() {
  	return
  }
  ~~~

### Below, first!

    indented

## Second

` + "```" + `
` + "```" + `

## First
`

func TestAPageKnowsWhatStandsWhere(t *testing.T) {
	p := Parse("a/README.md", []byte(page))
	assert.Equal(t, "A page of code", p.Title)
	assert.Equal(t, []Heading{
		{place{1}, 1, "A page of code", "a-page-of-code"},
		{place{6}, 2, "First", "first"},
		{place{20}, 3, "Below, first!", "below-first"},
		{place{24}, 2, "Second", "second"},
		{place{29}, 2, "First", "first-1"},
	}, p.Headings)
	assert.Equal(t, []Link{{place{3}, "to/there.md"}, {place{4}, "here.png"}}, p.Links)
	assert.Equal(t, []Span{{place{1}, "code"}, {place{3}, "one"}, {place{4}, "two"}, {place{10}, "x"}, {place{10}, "y"}}, p.Spans)

	require.Len(t, p.Blocks, 3)
	assert.Equal(t, Block{place{14}, "go", []string{"server.go"}, []string{"func f() {", "\treturn", "}"}}, p.Blocks[0])
	assert.Equal(t, []string{"indented"}, p.Blocks[1].Lines)
	assert.Equal(t, "", p.Blocks[1].Kind)
	assert.Empty(t, p.Blocks[2].Lines)

	require.Len(t, p.Tables, 1)
	table := p.Tables[0]
	assert.Equal(t, 8, table.Line)
	assert.Equal(t, 1, table.Column("Go"))
	assert.Equal(t, -1, table.Column("Java"))
	assert.Equal(t, [][]Cell{{{Text: "a"}, {Text: "x, y", Code: []Span{{place{10}, "x"}, {place{10}, "y"}}}}}, table.Rows)
}

func TestASectionEndsAtTheNextHeadingOfItsLevel(t *testing.T) {
	p := Parse("README.md", []byte(page))
	first := p.Section("First")
	assert.Equal(t, 6, first.Line)
	assert.Len(t, first.Blocks, 2)
	assert.Len(t, first.Tables, 1)
	assert.Len(t, first.BlocksOf("go"), 1)
	require.Len(t, first.Sections(3), 1)
	below := first.Sections(3)[0]
	assert.Equal(t, "Below, first!", below.Title)
	assert.Len(t, below.Blocks, 1)
	assert.True(t, below.Contains("indented"))
	assert.False(t, below.Contains("Python"))
	assert.Len(t, p.Sections(2), 3)

	none := p.Section("None")
	assert.Empty(t, none.Blocks)
	assert.False(t, none.Contains("Text"))
}

func TestChineseHeadingsHaveAnchors(t *testing.T) {
	p := Parse("README.md", []byte("# 套接字：第一课\n"))
	assert.Equal(t, "套接字第一课", p.Headings[0].Anchor)
}

func transcript(lines ...string) ([]Step, error) {
	return Block{place{10}, "console", nil, lines}.Transcript("README.md")
}

func TestATranscriptIsAScript(t *testing.T) {
	lines := []string{
		"server   | $ go run ./server -x",
		"server   | listening on 127.0.0.1:8081",
		"client 1 | $ go run ./client",
		"client 1 | >>> two words",
		"client 1 | >>>",
		"client 1 | a | b",
		"client 1 |",
		"client 1 | ^D",
		"client 1 | [exit 12]",
		"server   | ^C",
	}
	steps, err := transcript(lines...)
	require.NoError(t, err)
	assert.Equal(t, []Step{
		{11, "server", Start, "go run ./server -x"},
		{12, "server", Print, "listening on 127.0.0.1:8081"},
		{13, "client 1", Start, "go run ./client"},
		{14, "client 1", Type, "two words"},
		{15, "client 1", Type, ""},
		{16, "client 1", Print, "a | b"},
		{17, "client 1", Print, ""},
		{18, "client 1", EndInput, ""},
		{19, "client 1", Exit, "12"},
		{20, "server", Interrupt, ""},
	}, steps)
	for i, step := range steps {
		_, text, _ := strings.Cut(lines[i], "|")
		assert.Equal(t, strings.TrimPrefix(text, " "), step.String())
	}
}

func TestATranscriptThatIsNoneIsADrift(t *testing.T) {
	_, err := transcript("a | $ x", "hello")
	assert.EqualError(t, err, `README.md:12: expected LABEL | TEXT, this is "hello"`)
	_, err = transcript("a | $ x", "a  | hello")
	assert.EqualError(t, err, "README.md:12: the bar does not stand under the first line's")
	_, err = transcript("a | hello", "a | $ x")
	assert.EqualError(t, err, `README.md:11: terminal "a" shows something before a program starts in it`)
	_, err = transcript()
	assert.EqualError(t, err, "README.md:10: the transcript is empty")
}
