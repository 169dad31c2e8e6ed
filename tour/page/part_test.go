package page

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const parts = `Before

# Title

## One

a

### Below

b

- c

## Two

d

## Two

e

# Last
`

func TestAPartEndsAtTheNextHeadingOfItsLevel(t *testing.T) {
	c := written(t, map[string]string{"a/parts.md": parts, "a/b.go": ""})
	for anchor, want := range map[string]string{
		"one":   "<p>a</p>\n<h3 id=\"below\">Below</h3>\n<p>b</p>\n<ul>\n<li>c</li>\n</ul>\n",
		"below": "<p>b</p>\n<ul>\n<li>c</li>\n</ul>\n",
		"two":   "<p>d</p>\n",
		"two-1": "<p>e</p>\n",
		"last":  "",
	} {
		html, err := Part(c, "a/parts.md", anchor, in)
		require.NoError(t, err)
		assert.Equal(t, want, string(html), anchor)
	}
	for _, anchor := range []string{"", "Two", "two-2", "#two"} {
		_, err := Part(c, "a/parts.md", anchor, in)
		assert.EqualError(t, err, `a/parts.md has no part "`+anchor+`"`)
	}
}

func TestTheProofOfALessonNamesEachOfItsTestsToBeFoundBy(t *testing.T) {
	c := the(t)
	for _, l := range c.Lessons {
		html, err := Part(c, l.README(), "proof", in)
		require.NoError(t, err)
		assertHarmless(t, html)
		sources, err := l.Sources()
		require.NoError(t, err)
		proofs := with(elements(t, html), "data-test")
		assert.NotEmpty(t, proofs)
		for test := range sources.Tests {
			proven := strings.HasPrefix(test, "Test") && test != "TestMain"
			assert.True(t, !proven || slices.Contains(proofs, test), test)
		}
		for _, proof := range proofs {
			assert.True(t, sources.Tests[proof], proof)
		}
	}
}

func TestTheTextOfEachRunIsRendered(t *testing.T) {
	c := the(t)
	for _, l := range c.Lessons {
		runs, err := c.Runs(l)
		require.NoError(t, err)
		for _, run := range runs.Runs {
			html, err := Text(l.Runs(), run.Text, in)
			require.NoError(t, err)
			assertHarmless(t, html)
			assert.Contains(t, html, "<p>", run.Title)
		}
	}
}
