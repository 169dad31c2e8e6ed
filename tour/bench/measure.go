package bench

import (
	"context"
	"fmt"
	"slices"
)

// A side is one of the things that are compared.
type side struct {
	name   string
	tool   string // what has to be installed for it, or ""
	sample func(ctx context.Context) (float64, error)
}

// samples are what was measured, by the names of the sides: the first sample of
// each belongs to the first round, and so on. A side whose tool is missing has
// none.
type samples map[string][]float64

// alternate takes a sample of each side in turn, A B C A B C, so that a moment
// in which the machine is slow is everybody's. The first round warms up and
// does not count.
func (b *bench) alternate(ctx context.Context, what string, rounds int, sides ...side) (samples, error) {
	fmt.Fprintln(b.stderr, what)
	taken := samples{}
	for round := range 1 + rounds {
		for _, side := range sides {
			if side.tool != "" && !b.installed(side.tool) {
				continue
			}
			value, err := side.sample(ctx)
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", what, side.name, err)
			}
			if round > 0 {
				taken[side.name] = append(taken[side.name], value)
			}
		}
	}
	return taken, nil
}

// median returns the middle one of values, or the mean of the two in the
// middle. There has to be one.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// ratio returns the median of what each round says of a in comparison with b.
// Both have the same rounds.
func ratio(a, b []float64) float64 {
	ratios := make([]float64, len(a))
	for i := range a {
		ratios[i] = a[i] / b[i]
	}
	return median(ratios)
}

// always is a side that is known and not measured.
func always(value float64, rounds int) []float64 { return slices.Repeat([]float64{value}, rounds) }
