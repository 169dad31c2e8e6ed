package endure

import "fmt"

// Levels are what a process has at one moment, as seen from outside; 0 is what
// cannot be seen.
type Levels struct {
	Memory      int64 // resident, in bytes
	Descriptors int
	Threads     int
	Goroutines  int // but for the garbage collector's
}

func (l Levels) to(after Levels, most int64) string {
	text := "memory not seen"
	if l.Memory > 0 {
		text = fmt.Sprintf("memory %.1f → %.1f MiB (at most %.1f)", mib(l.Memory), mib(after.Memory), mib(most))
	}
	if l.Descriptors > 0 {
		text += fmt.Sprintf(", descriptors %d → %d, threads %d → %d", l.Descriptors, after.Descriptors, l.Threads, after.Threads)
	}
	if l.Goroutines > 0 && after.Goroutines > 0 {
		text += fmt.Sprintf(", goroutines %d → %d", l.Goroutines, after.Goroutines)
	}
	return text
}

func mib(n int64) float64 { return float64(n) / (1 << 20) }
