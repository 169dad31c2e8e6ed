package page

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryDiagramOfTheLessonsIsDrawn(t *testing.T) {
	c := the(t)
	for _, l := range c.Lessons {
		p, err := c.Page(l.README())
		require.NoError(t, err)
		diagrams := p.BlocksOf("mermaid")
		assert.NotEmpty(t, diagrams)
		for _, b := range diagrams {
			s, err := parseSequence(b.Lines)
			require.NoError(t, err, "%s:%d", p.File, b.Line)
			steps, lines := 0, 0
			for _, line := range b.Lines[1:] {
				if line = strings.TrimSpace(line); line != "end" && !strings.HasPrefix(line, "participant") {
					lines++
				}
			}
			for _, e := range elements(t, rendered(t, "```mermaid\n"+strings.Join(b.Lines, "\n")+"\n```\n")) {
				if e.name == "li" {
					steps++
				}
			}
			assert.Equal(t, lines, steps, "a step for each line that is one")
			assert.NotEmpty(t, s.lanes)
		}
	}
}

func TestMessagesNotesAndLoopsHaveTheClassesTheyAreDrawnBy(t *testing.T) {
	for line, want := range map[string]string{
		"A->>B: x":               "message from-1 to-2 right",
		"C->>A: x":               "message from-3 to-1 left",
		"B->>B: x":               "message from-2 to-2 self",
		"A-->>B: x":              "message from-1 to-2 right dashed",
		"A-)B: x":                "message from-1 to-2 right",
		"A--)B: x":               "message from-1 to-2 right dashed",
		"A->B: x":                "message from-1 to-2 right none",
		"A-->B: x":               "message from-1 to-2 right dashed none",
		"A-xC: x":                "message from-1 to-3 right lost",
		"B--xA: x":               "message from-2 to-1 left dashed lost",
		"A ->>+ B: x":            "message from-1 to-2 right",
		"Note over B: x":         "note from-2 to-2",
		"Note over C,A: x":       "note from-1 to-3",
		"Note left of B: x":      "note from-2 to-2 left",
		"Note right of C: x":     "note from-3 to-3 right",
		"loop x\nA->>B: x\n end": "loop",
	} {
		html := rendered(t, "```mermaid\nsequenceDiagram\nparticipant A\nactor B as Bob\nparticipant C\n"+line+"\n```\n")
		var class string
		for _, e := range elements(t, html) {
			if e.name == "li" {
				class = e.attributes["class"]
				break
			}
		}
		assert.Equal(t, want, class, line)
		assert.Contains(t, html, `<figure class="sequence lanes-3" aria-label="Who sends what: A, Bob, C">`)
	}
}

func TestADiagramIsToldInWordsToo(t *testing.T) {
	html := rendered(t, "```mermaid\nsequenceDiagram\nparticipant A as <a>\nA-xB: &amp; <b>\nNote over A,C: c\nloop d\nB->>C: e\nend\n```\n")
	for _, want := range []string{
		`<div class="lanes"><span>&lt;a&gt;</span> <span>B</span> <span>C</span> </div>`,
		`<span class="unseen">&lt;a&gt; to B, lost: </span>&amp;amp; &lt;b&gt;<`,
		`<span class="unseen">&lt;a&gt;, B, C: </span>c<`,
		`<li class="loop"><p><span class="unseen">again and again: </span>d</p>` + "\n<ol>\n" + `<li class="message from-2 to-3 right">`,
	} {
		assert.Contains(t, html, want)
	}
}

func TestADiagramThatIsNotSimpleIsAnErrorThatNamesItsLine(t *testing.T) {
	lanes := func(n int) string {
		var all string
		for i := range n {
			all += fmt.Sprintf("participant P%d\n", i)
		}
		return all
	}
	loops := func(n int) string { return strings.Repeat("loop x\n", n) + "A->>B: y\n" + strings.Repeat("end\n", n) }
	for text, want := range map[string]string{
		"":                                               "line 1: expected sequenceDiagram",
		"graph TD":                                       "line 1: expected sequenceDiagram",
		"sequenceDiagram\n\nA=>B: x":                     `line 3: not a line of a simple sequence diagram: "A=>B: x"`,
		"sequenceDiagram\nA->>B":                         `line 2: not a line of a simple sequence diagram: "A->>B"`,
		"sequenceDiagram\nA->>B: ":                       `line 2: not a line of a simple sequence diagram: "A->>B:"`,
		"sequenceDiagram\nalt x":                         `line 2: not a line of a simple sequence diagram: "alt x"`,
		"sequenceDiagram\nend":                           `line 2: not a line of a simple sequence diagram: "end"`,
		"sequenceDiagram\nNote left of A,B: x":           `line 2: a note left of is beside one participant: "Note left of A,B: x"`,
		"sequenceDiagram\nloop x\nA->>B: y":              `line 3: the loop "x" has no end`,
		"sequenceDiagram\n" + loops(4):                   "line 5: more than 3 loops in each other",
		"sequenceDiagram\n" + loops(3):                   "",
		"sequenceDiagram\n" + lanes(6):                   "line 7: more than 5 participants",
		"sequenceDiagram\n" + lanes(5):                   "",
		"sequenceDiagram\n" + lanes(5) + "A->>P1: x":     "line 7: more than 5 participants",
		"sequenceDiagram\nNote over A,B,C,D,E,F: x":      "line 2: more than 5 participants",
		"sequenceDiagram":                                "line 1: nobody takes part",
		"sequenceDiagram\nNote over A,: x":               `line 2: a participant has no name: "Note over A,: x"`,
		"sequenceDiagram\nparticipant A as B\nA->>A: it": "",
	} {
		_, err := parseSequence(strings.Split(text, "\n"))
		if want == "" {
			assert.NoError(t, err, text)
		} else {
			assert.EqualError(t, err, want, text)
		}
	}
}

func TestADiagramThatCannotBeDrawnIsShownAsItIsWritten(t *testing.T) {
	html := rendered(t, "```mermaid\nsequenceDiagram\nA=>B: x\n```\n")
	assert.Equal(t, "<pre class=\"chroma\" tabindex=\"0\"><code>sequenceDiagram\nA=&gt;B: x\n</code></pre>\n", string(html))
	html = rendered(t, "```console\nno bar\n```\n")
	assert.Equal(t, "<pre class=\"chroma\" tabindex=\"0\"><code>no bar\n</code></pre>\n", string(html))
}
