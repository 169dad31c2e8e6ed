package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"example.com/gosockets/tour/internal/ci"
)

func TestEndurePrintsALineForEachLesson(t *testing.T) {
	ci.Only(t, "puts a server under load")
	status, stdout, stderr := ran(t, t.Context(), "endure", "1", "-for", "1s", "-seed", "5")
	assert.Equal(t, 0, status)
	assert.Empty(t, stderr)
	assert.Regexp(t, `(?m)^lesson01-basic-tcp: \d+ exchanges, \d+ hostile clients, a process for each`, stdout)
}

func TestEndureSaysWhatWentWrong(t *testing.T) {
	ci.Only(t, "compiles a lesson")
	inCourse(t, asItIs)
	status, stdout, _ := ran(t, t.Context(), "endure", "-for", "1s", "-seed", "5") // its server has no -timeout
	assert.Equal(t, 1, status)
	assert.Contains(t, stdout, "WENT WRONG (-seed 5): ")
}

func TestEndureEndsWithItsContext(t *testing.T) {
	inCourse(t, asItIs)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	status, stdout, stderr := ran(t, ctx, "endure")
	assert.Equal(t, 1, status)
	assert.Equal(t, "tour: interrupted\n", stderr)
	assert.NotContains(t, stdout, "lesson01")
}

func TestEndureHasFlagsOfItsOwn(t *testing.T) {
	inCourse(t, asItIs)
	for _, args := range [][]string{{"-for"}, {"-for", "long"}, {"1", "-for", "0s"}, {"-seed", "-1"}, {"-x"}, {"99"}} {
		status, stdout, stderr := ran(t, t.Context(), append([]string{"endure"}, args...)...)
		assert.Equal(t, 2, status, "%q", args)
		assert.Empty(t, stdout)
		assert.NotEmpty(t, stderr)
	}
	status, stdout, stderr := ran(t, t.Context(), "endure", "1", "-h")
	assert.Equal(t, 0, status)
	assert.Equal(t, usage, stdout)
	assert.Empty(t, stderr)
}
