package endure

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"sync"
	"time"
)

// trace makes the Go runtime write to standard error twice a second what it
// holds: a line that begins with SCHED, and below it, indented, one for each
// processor, thread and goroutine, such as
//
//	G18: status=4(IO wait) m=nil lockedm=nil
const trace = "GODEBUG=schedtrace=500,scheddetail=1"

var (
	traceLine = regexp.MustCompile(`^  [PMG]\d+: `)
	// A goroutine, unless it is dead, which is status 6, or one of those that
	// come with the first garbage collection and stay.
	goroutineLine = regexp.MustCompile(`^  G\d+: status=(?:[0-57-9]|1\d)\((?:$|[^G]|G[^C])`)
)

// A stderr takes what a server writes to its standard error. It counts the
// goroutines in the traces, and keeps the beginning of everything else.
type stderr struct {
	mu       sync.Mutex
	line     []byte // the beginning of one, at most maxLine bytes of it
	traces   int    // that have begun
	counting int    // goroutines, in the trace that has begun
	counted  int    // in the one before
	kept     []byte // at most maxKept bytes
}

const (
	maxLine = 4 << 10
	maxKept = 300
)

func (e *stderr) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for part := range bytes.Lines(p) {
		e.line = append(e.line, part[:min(len(part), maxLine-len(e.line))]...)
		if part[len(part)-1] == '\n' {
			e.take(e.line)
			e.line = e.line[:0]
		}
	}
	return len(p), nil
}

func (e *stderr) take(line []byte) {
	switch {
	case bytes.HasPrefix(line, []byte("SCHED ")):
		e.traces++
		e.counted, e.counting = e.counting, 0
	case goroutineLine.Match(line):
		e.counting++
	case traceLine.Match(line):
	default:
		e.kept = append(e.kept, line[:min(len(line), maxKept-len(e.kept))]...)
	}
}

// goroutines waits for a trace that begins from now on and returns how many
// there are, or 0 when none comes.
func (e *stderr) goroutines(ctx context.Context, ended <-chan struct{}) int {
	read := func() (traces, counted int) {
		e.mu.Lock()
		defer e.mu.Unlock()
		return e.traces, e.counted
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for before, _ := read(); ; {
		if now, counted := read(); now >= before+2 { // the next has begun, and is complete
			return counted
		}
		select {
		case <-ended:
			return 0
		case <-ctx.Done():
			return 0
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// String is what has been kept, with the line that has not ended.
func (e *stderr) String() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return fmt.Sprintf("%q", append(e.kept[:len(e.kept):len(e.kept)], e.line...))
}
