package bench

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheTablesSayWhatTheSamplesSay(t *testing.T) {
	b := quietBench("python3", "nc")
	taken := samples{"Go": {1000, 3000, 2000}, "bare": {1100, 3000, 2500}}
	b.compare(2, "trips", taken, "Go", "bare", perSecond, aim{least: 0.9, why: "for a reason"})
	b.compare(2, "trips", taken, "Go", "bare", perSecond, aim{least: 0.95, why: "for a reason"})
	b.compare(2, "trips", taken, "bare", "Go", perSecond, aim{})
	b.compare(6, "memory", samples{"Go": {64 << 20}, "limit": {32 << 20}}, "Go", "limit", inBytes, aim{most: 1})
	b.compare(6, "a file", taken, "Go", "Python", bytesPerSecond, aim{})
	b.growths = []growth{
		{lesson: 6, what: "time", steps: []string{"1 MiB", "10 MiB"}, measured: []float64{0.5, 5.25}, in: seconds},
		{lesson: 5, what: "allocated", steps: []string{"1 B", "2 B"}, measured: []float64{0, 3}, in: inBytes},
	}
	b.notes = []string{"A note."}
	var page strings.Builder
	b.print(&page, "On a machine.")
	assert.Equal(t, `On a machine.

| lesson | what | measured | compared with | ratio | aim |
|---|---|---|---|---|---|
| 2 | trips | Go: 2,000/s | bare: 2,500/s | 0.91 | at least 0.9: met |
| 2 | trips | Go: 2,000/s | bare: 2,500/s | 0.91 | at least 0.95: missed, for a reason |
| 2 | trips | bare: 2,500/s | Go: 2,000/s | 1.10 |  |
| 6 | memory | Go: 64 MiB | limit: 32 MiB | 2.00 | at most 1: missed |

| lesson | what is measured | what grows | what it does | from first to last |
|---|---|---|---|---|
| 6 | time | 1 MiB → 10 MiB | 0.5 s → 5.25 s | × 10 |
| 5 | allocated | 1 B → 2 B | 0 B → 3 B | – |

A note.

Left out, for want of nc, python3: lesson 6, a file, with Python.
`, page.String())
}

func TestNumbersHaveThreeDigitsThatCount(t *testing.T) {
	for value, text := range map[float64]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 27_649_123: "27,600,000", 58_151: "58,200"} {
		assert.Equal(t, text, thousands(value))
	}
	for value, text := range map[float64]string{0: "0 B", 999: "999 B", 1536: "1.5 KiB", 1 << 20: "1 MiB", 1 << 30: "1 GiB", 102.4 * (1 << 20): "102 MiB"} {
		assert.Equal(t, text, inBytes(value))
	}
	for value, text := range map[float64]string{0.954: "0.95", 9.99: "9.99", 12.4: "12", 1234: "1,230"} {
		assert.Equal(t, text, factor(value))
	}
}
