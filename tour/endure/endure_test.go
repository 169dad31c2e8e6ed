package endure

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/internal/ci"
	"example.com/gosockets/tour/runner"
)

// TestTheLessonsServersEndure puts all of them under load at once, as the
// command does, and for a short time.
func TestTheLessonsServersEndure(t *testing.T) {
	ci.Only(t, "puts all servers under load")
	c, err := course.Open(".")
	require.NoError(t, err)
	r, err := runner.New(c)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, r.Close()) })
	for _, lesson := range c.Lessons {
		_, err := r.Build(t.Context(), lesson) // not while others are under load
		require.NoError(t, err)
	}
	seed := uint64(time.Now().UnixNano()) // told when it matters
	reports := make([]Report, len(c.Lessons))
	var enduring sync.WaitGroup // t.Parallel would not run all of them at once
	for i, lesson := range c.Lessons {
		enduring.Go(func() { reports[i] = Lesson(t.Context(), r, lesson, 12*time.Second, seed) })
	}
	enduring.Wait()
	for _, report := range reports {
		t.Run(report.Lesson, func(t *testing.T) {
			t.Log(report)
			assert.Empty(t, report.Faults, "-seed %d", seed)
			assert.Positive(t, report.Exchanges)
			assert.Positive(t, report.Hostile)
		})
	}
}

func TestTheSameSeedMakesTheSameClients(t *testing.T) {
	drawn := func(seed, client uint64) []byte {
		rng := (&load{seed: seed}).random(client)
		request, _ := command(rng)
		return append(request, rng.bytes(50)...)
	}
	assert.Equal(t, drawn(1, 2), drawn(1, 2))
	assert.NotEqual(t, drawn(1, 2), drawn(1, 3))
	assert.NotEqual(t, drawn(1, 2), drawn(2, 2))
}

func TestALessonOfUnknownProtocolIsAFault(t *testing.T) {
	_, err := newSubject(7, "", "")
	assert.EqualError(t, err, "nobody knows the protocol of lesson 7")
}

func TestADifferenceIsShownWhereItBegins(t *testing.T) {
	assert.NoError(t, compare([]byte("same"), []byte("same")))
	assert.EqualError(t, compare([]byte("abX"), []byte("abc")),
		`a wrong answer: 3 bytes, 2 are right, then "X" instead of "c"`)
	assert.ErrorIs(t, compare([]byte("ab"), []byte("abc")), errWrong)
}

func TestLevelsAreShownAsFarAsTheyCanBeSeen(t *testing.T) {
	before, after := Levels{3 << 19, 7, 5, 9}, Levels{2 << 20, 8, 6, 10}
	assert.Equal(t, "memory 1.5 → 2.0 MiB (at most 4.0), descriptors 7 → 8, threads 5 → 6, goroutines 9 → 10", before.to(after, 4<<20))
	assert.Equal(t, "memory 1.5 → 2.0 MiB (at most 4.0)", Levels{Memory: 3 << 19}.to(Levels{Memory: 2 << 20}, 4<<20))
	assert.Equal(t, "memory not seen", Levels{}.to(Levels{}, 0))
}
