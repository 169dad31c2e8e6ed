package page

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheProofOfALessonNamesEachOfItsTestsToBeFoundBy(t *testing.T) {
	c := the(t)
	for _, l := range c.Lessons {
		page, err := Render(c, l.Name+"/PROOF.md", in)
		require.NoError(t, err)
		html := page.HTML
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
