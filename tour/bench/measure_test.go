package bench

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// quietBench says nothing and lacks the tools of these names.
func quietBench(lacks ...string) *bench {
	b := &bench{stderr: io.Discard, lacks: map[string]bool{}}
	for _, tool := range lacks {
		b.lacks[tool] = true
	}
	return b
}

func TestTheMedianIsTheMiddleOne(t *testing.T) {
	for _, x := range []struct {
		values []float64
		median float64
	}{
		{[]float64{7}, 7},
		{[]float64{1, 3}, 2},
		{[]float64{1000, 1, 2}, 2},
		{[]float64{4, 1, 3, 2}, 2.5},
	} {
		before := append([]float64{}, x.values...)
		assert.Equal(t, x.median, median(x.values), "%v", x.values)
		assert.Equal(t, before, x.values, "their order is that of the rounds")
	}
}

func TestARatioIsOfSamplesOfTheSameRound(t *testing.T) {
	// From round to round the machine is slower, for both: of the medians it would be 3.
	assert.Equal(t, 2.0, ratio([]float64{400, 60, 10}, []float64{200, 20, 5}))
	assert.Equal(t, 0.5, ratio([]float64{1}, always(2, 1)))
}

func TestSidesTakeTurnsAndTheFirstRoundDoesNotCount(t *testing.T) {
	var turns string
	counting := func(name string) side {
		n := 0.0
		return side{name, "", func(context.Context) (float64, error) {
			turns += name
			n++
			return n, nil
		}}
	}
	taken, err := quietBench().alternate(t.Context(), "", 3, counting("A"), counting("B"))
	require.NoError(t, err)
	assert.Equal(t, "ABABABAB", turns)
	assert.Equal(t, samples{"A": {2, 3, 4}, "B": {2, 3, 4}}, taken)
}

func TestASideWhoseToolIsMissingHasNoSamples(t *testing.T) {
	b := quietBench("python3")
	one := func(context.Context) (float64, error) { return 1, nil }
	taken, err := b.alternate(t.Context(), "", 1, side{"Go", "", one}, side{"Python", "python3", nil})
	require.NoError(t, err)
	assert.Equal(t, samples{"Go": {1}}, taken)
}

func TestAnErrorSaysWhatWasMeasured(t *testing.T) {
	broken := errors.New("broken")
	fails := func(context.Context) (float64, error) { return 0, broken }
	_, err := quietBench().alternate(t.Context(), "lesson 9", 1, side{"Go server", "", fails})
	require.ErrorIs(t, err, broken)
	assert.EqualError(t, err, "lesson 9, Go server: broken")
}
