package bench

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
)

// A unit writes a value of its kind.
type unit func(float64) string

func perSecond(v float64) string      { return thousands(v) + "/s" }
func bytesPerSecond(v float64) string { return inBytes(v) + "/s" }
func seconds(v float64) string        { return fmt.Sprintf("%.3g s", v) }

// inBytes writes a size with three digits.
func inBytes(v float64) string {
	units := []string{"B", "KiB", "MiB", "GiB"}
	i := 0
	for ; v >= 1000 && i < len(units)-1; i++ {
		v /= 1024
	}
	return fmt.Sprintf("%.3g %s", v, units[i])
}

// thousands writes a number with three digits that count, and commas.
func thousands(v float64) string {
	if v > 1000 {
		unit := math.Pow10(int(math.Log10(v)) - 2)
		v = math.Round(v/unit) * unit
	}
	text := fmt.Sprintf("%.0f", v)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// factor writes a ratio.
func factor(v float64) string {
	if v >= 10 {
		return thousands(v)
	}
	return fmt.Sprintf("%.2f", v)
}

// An aim is a bound on a ratio. The zero aim is none: the row is there to be
// looked at.
type aim struct {
	least, most float64
	why         string // what holds it back where it is missed
}

func (a aim) met(ratio float64) bool { return ratio >= a.least && (a.most == 0 || ratio <= a.most) }

func (a aim) text(ratio float64) string {
	var bound string
	switch {
	case a.least > 0:
		bound = fmt.Sprintf("at least %g", a.least)
	case a.most > 0:
		bound = fmt.Sprintf("at most %g", a.most)
	default:
		return ""
	}
	switch {
	case a.met(ratio):
		return bound + ": met"
	case a.why != "":
		return bound + ": missed, " + a.why
	default:
		return bound + ": missed"
	}
}

// A row compares one side with another.
type row struct {
	lesson   int
	what     string
	measured string
	against  string
	ratio    float64
	aim      aim
}

// compare adds the row that compares side with other, both of taken. When one
// of them could not be measured the row is left out, which a line below the
// table says.
func (b *bench) compare(lesson int, what string, taken samples, side, other string, in unit, aim aim) {
	for _, name := range []string{side, other} {
		if len(taken[name]) == 0 {
			b.leftOut = append(b.leftOut, fmt.Sprintf("lesson %d, %s, with %s", lesson, what, name))
			return
		}
	}
	b.rows = append(b.rows, row{
		lesson:   lesson,
		what:     what,
		measured: side + ": " + in(median(taken[side])),
		against:  other + ": " + in(median(taken[other])),
		ratio:    ratio(taken[side], taken[other]),
		aim:      aim,
	})
}

// A growth is how something changes while something else grows.
type growth struct {
	lesson   int
	what     string
	steps    []string
	measured []float64
	in       unit
}

// print writes what was found as Markdown.
func (b *bench) print(w io.Writer, machine string) {
	fmt.Fprintf(w, "%s\n\n", machine)
	fmt.Fprintln(w, "| lesson | what | measured | compared with | ratio | aim |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|")
	for _, r := range b.rows {
		fmt.Fprintf(w, "| %d | %s | %s | %s | %s | %s |\n", r.lesson, r.what, r.measured, r.against, factor(r.ratio), r.aim.text(r.ratio))
	}
	b.printGrowths(w)
	for _, note := range b.notes {
		fmt.Fprintf(w, "\n%s\n", note)
	}
	if len(b.leftOut) > 0 {
		fmt.Fprintf(w, "\nLeft out, for want of %s: %s.\n", strings.Join(slices.Sorted(maps.Keys(b.lacks)), ", "), strings.Join(b.leftOut, "; "))
	}
}

func (b *bench) printGrowths(w io.Writer) {
	fmt.Fprintln(w, "\n| lesson | what is measured | what grows | what it does | from first to last |")
	fmt.Fprintln(w, "|---|---|---|---|---|")
	for _, g := range b.growths {
		var values []string
		for _, v := range g.measured {
			values = append(values, g.in(v))
		}
		first, last := g.measured[0], g.measured[len(g.measured)-1]
		grown := "× " + factor(last/first)
		if first == 0 {
			grown = "–"
		}
		fmt.Fprintf(w, "| %d | %s | %s | %s | %s |\n", g.lesson, g.what, strings.Join(g.steps, " → "), strings.Join(values, " → "), grown)
	}
}
