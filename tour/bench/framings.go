package bench

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// framings measures lesson 5 with the lesson's own benchmark, in which one
// goroutine writes a message into memory and reads it again.
func (b *bench) framings(ctx context.Context) error {
	lesson := b.course.Lesson("5")
	fmt.Fprintln(b.stderr, "lesson 5")
	speed, allocated := bySize{}, bySize{}
	for range b.fewRounds { // the benchmark takes its turns, and warms up, itself
		output, err := b.runner.Benchmark(ctx, lesson.Dir, "BenchmarkFramings", b.benchTime)
		if err != nil {
			return fmt.Errorf("lesson 5: %w", err)
		}
		parseBenchmarks(output, speed, allocated)
	}
	b.framingRows(speed)
	for _, name := range []string{"prefix", "line", "fixed", "header"} {
		g := growth{lesson: 5, what: "allocated for a frame, " + name, in: inBytes}
		for _, size := range []string{"64 B", "4 KiB", "1 MiB"} {
			if taken := allocated[size][name]; len(taken) > 0 {
				g.steps, g.measured = append(g.steps, size), append(g.measured, median(taken))
			}
		}
		b.growths = append(b.growths, g)
	}
	return nil
}

func (b *bench) framingRows(speed bySize) {
	const million, bareCopy = "the aim", "copy"
	what := func(size string) string { return "frames of " + size + ", written and read" }
	for _, name := range []string{"prefix", "line", "fixed"} {
		small := speed["64 B"]
		small[million] = always(1e6, len(small[name]))
		b.compare(5, what("64 B"), small, name, million, perSecond, aim{least: 1})
	}
	for _, name := range []string{"prefix", "line", "fixed"} {
		b.compare(5, what("4 KiB"), speed["4 KiB"], name, bareCopy, perSecond, aim{})
	}
	b.compare(5, what("1 MiB"), speed["1 MiB"], "prefix", bareCopy, perSecond, aim{least: 0.9})
	b.compare(5, what("1 MiB"), speed["1 MiB"], "line", bareCopy, perSecond,
		aim{least: 0.9, why: "it is copied once more, and each byte is looked at twice for a line break"})
	for _, size := range []string{"64 B", "4 KiB", "1 MiB"} {
		b.compare(5, what(size), speed[size], "header", "prefix", perSecond, aim{})
	}
}

// bySize has samples for each size of a message.
type bySize map[string]samples

func (s bySize) add(size, name string, value float64) {
	if s[size] == nil {
		s[size] = samples{}
	}
	s[size][name] = append(s[size][name], value)
}

var benchmarkLine = regexp.MustCompile(`(?m)^BenchmarkFramings/(\w+)/(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op.*?\s(\d+) B/op`)

// parseBenchmarks adds how many frames a second output tells of, and how many
// bytes are allocated for each.
func parseBenchmarks(output string, speed, allocated bySize) {
	for _, m := range benchmarkLine.FindAllStringSubmatch(output, -1) {
		name, size := m[1], strings.ReplaceAll(m[2], "_", " ")
		nanoseconds, _ := strconv.ParseFloat(m[3], 64) // digits, says the pattern
		bytes, _ := strconv.ParseFloat(m[4], 64)
		speed.add(size, name, 1e9/nanoseconds)
		allocated.add(size, name, bytes)
	}
}
