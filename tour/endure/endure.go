// Package endure puts the lessons' servers under load: clients that do all
// right and have to be served, among clients that are slow, broken or hostile.
// Afterwards a server has to be what it was before, and to end in good order.
package endure

import (
	"context"
	"fmt"
	"math"
	"os"
	"runtime"
	"strings"
	"time"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/runner"
)

// How much more than after the warm-up a server may have in the end. A Go
// program never returns to exactly the same memory: the runtime keeps some of
// what was in use at the busiest moment, and moments differ. Below memoryLimit it
// need not return any. A leak of 1 KiB an exchange passes this bound within 24576
// exchanges. The runtime keeps threads
// too, at most one for each client that waited for a command or a file at once.
const (
	moreMemory  = 8 << 20 // bytes
	moreThreads = maxClients
	// The runtime starts a few goroutines of its own, when it first needs them.
	moreGoroutines = 8

	// At no moment may a server have more than this. It is enough for a message
	// and an answer of 1 MiB for each client that can be there at once.
	mostMemory = 96 << 20 // bytes
)

// memoryLimit makes a server's runtime give back to the system what it does not
// need, so that what remains is what the server holds on to.
const memoryLimit = 16 << 20 // bytes

// goodOrder is how long a server may take to end after Ctrl-C.
const goodOrder = time.Minute

// A Report is what came of one lesson's load.
type Report struct {
	Lesson    string
	Seed      uint64 // repeats what the clients do, though not when
	Exchanges int64  // that good clients had
	Hostile   int64  // clients of the other kinds
	HeldUp    int64  // conversations that a time limit cut short, and that were begun again

	Before, After Levels // after the warm-up, and when all is over
	Most          int64  // memory at any moment, in bytes
	Faults        []string
}

// String is one line.
func (r Report) String() string {
	line := fmt.Sprintf("%s: %d exchanges, %d hostile clients, ", r.Lesson, r.Exchanges, r.Hostile)
	if r.Before == (Levels{}) {
		line += "a process for each"
	} else {
		line += r.Before.to(r.After, r.Most)
	}
	if r.HeldUp > 0 {
		line += fmt.Sprintf("; held up %d times", r.HeldUp)
	}
	if len(r.Faults) == 0 {
		return line
	}
	return fmt.Sprintf("%s; WENT WRONG (-seed %d): %s", line, r.Seed, strings.Join(r.Faults, "; "))
}

// Lesson builds the lesson's server and puts it under load for about duration,
// of which the first quarter is the warm-up.
func Lesson(ctx context.Context, r *runner.Runner, lesson *course.Lesson, duration time.Duration, seed uint64) Report {
	report := Report{Lesson: lesson.Name, Seed: seed}
	var s *subject
	dir, err := os.MkdirTemp("", "endure")
	if err == nil {
		defer os.RemoveAll(dir)
		s, err = prepare(ctx, r, lesson, dir)
	}
	if err != nil {
		report.Faults = []string{err.Error()}
		return report
	}
	return s.endure(ctx, report, duration)
}

func prepare(ctx context.Context, r *runner.Runner, lesson *course.Lesson, dir string) (*subject, error) {
	programs, err := r.Build(ctx, lesson)
	if err != nil {
		return nil, err
	}
	return newSubject(lesson.Number, programs, dir)
}

// endure fills in the report. It starts the server, and leaves no process.
func (s *subject) endure(ctx context.Context, report Report, duration time.Duration) Report {
	l := &load{subject: s, seed: report.Seed}
	if s.once {
		l.startAgain(ctx, duration)
	} else {
		report.Before, report.After = l.withstand(ctx, duration)
	}
	if l.exchanges.Load() == 0 {
		l.verdict("no good client was served")
	}
	report.Exchanges, report.Hostile, report.HeldUp = l.exchanges.Load(), l.hostiles.Load(), l.heldUp.Load()
	report.Most, report.Faults = l.most, l.list()
	return report
}

// withstand puts one process under load and returns its levels after the
// warm-up and in the end.
func (l *load) withstand(ctx context.Context, duration time.Duration) (before, after Levels) {
	p, err := start(ctx, l.subject)
	if err != nil {
		l.verdict("%v", err)
		return before, after
	}
	defer p.kill()
	first := p.levels()
	l.run(ctx, p, duration/4)
	before = l.settle(ctx, p, first, math.MaxInt)
	l.run(ctx, p, duration*3/4)
	after = l.settle(ctx, p, first, before.Goroutines+moreGoroutines)
	if p.hasEnded() {
		l.verdict("it ended under load with status %d: %s", p.status, &p.errors)
	}
	if p.hasEnded() || ctx.Err() != nil {
		return before, after
	}
	if after.Descriptors != first.Descriptors {
		l.verdict("descriptors leak: %d at the start, %d in the end", first.Descriptors, after.Descriptors)
	}
	if after.Memory > max(before.Memory, memoryLimit)+moreMemory {
		l.verdict("memory grows by more than %d MiB", moreMemory>>20)
	}
	if l.most > mostMemory {
		l.verdict("memory was more than %d MiB", mostMemory>>20)
	}
	if after.Threads > before.Threads+moreThreads {
		l.verdict("threads grow by more than %d", moreThreads)
	}
	if before.Goroutines > 0 && after.Goroutines > before.Goroutines+moreGoroutines {
		l.verdict("goroutines leak: %d after the warm-up, %d in the end", before.Goroutines, after.Goroutines)
	}
	l.stop(p, goodOrder)
	return before, after
}

// settle waits until the server has let go of the last client and has no more than
// so many goroutines, or has had all the time that its own limits give it. Where
// descriptors cannot be seen it has that time in any case.
func (l *load) settle(ctx context.Context, p *process, first Levels, goroutines int) Levels {
	limit := time.Now().Add(l.subject.hold())
	if first.Descriptors == 0 {
		limit = time.Now().Add(l.subject.limits)
	}
	for {
		now := p.levels()
		over := p.hasEnded() || ctx.Err() != nil || time.Now().After(limit)
		if over || first.Descriptors > 0 && now.Descriptors == first.Descriptors {
			now.Goroutines = p.errors.goroutines(ctx, p.ended)
			if over || now.Goroutines <= goroutines {
				return now
			}
		}
		pause(ctx, 100*time.Millisecond)
	}
}

// stop presses Ctrl-C.
func (l *load) stop(p *process, within time.Duration) {
	p.interrupt()
	select {
	case <-p.ended:
		if p.status != 0 {
			l.verdict("after Ctrl-C it ended with status %d: %s", p.status, &p.errors)
		}
	case <-time.After(within):
		l.verdict("it still runs %v after Ctrl-C", within)
	}
}

// startAgain starts a server that ends after its first client, until the time
// is over; every other client is a good one.
func (l *load) startAgain(ctx context.Context, duration time.Duration) {
	loading, cancel := context.WithTimeout(ctx, duration)
	defer cancel()
	for i := uint64(0); loading.Err() == nil; i++ {
		l.untilServed(ctx, func() error { return l.meetOnce(ctx, i) })
		pause(loading, l.random(i).duration(50*time.Millisecond))
	}
	if ctx.Err() != nil {
		return
	}
	if p, err := start(ctx, l.subject); err != nil {
		l.verdict("%v", err)
	} else {
		defer p.kill()
		l.stop(p, goodOrder)
	}
}

// meetOnce starts a server for one client, and returns what a good one has met with.
func (l *load) meetOnce(ctx context.Context, i uint64) error {
	p, err := start(ctx, l.subject)
	if err != nil {
		return err
	}
	defer p.kill()
	if i%2 == 0 {
		err = l.converse(ctx, p.addr, l.random(i), i%8 == 0, i/2)
	} else {
		l.hostile(ctx, p.addr, l.random(i))
	}
	select {
	case <-p.ended:
		if err == nil && (i%2 == 0 && p.status != 0 || p.status > 1) {
			err = fmt.Errorf("it ended with status %d: %s", p.status, &p.errors)
		}
	case <-ctx.Done():
	case <-time.After(l.subject.hold()):
		l.fault(fmt.Errorf("it still runs %v after its client left", l.subject.hold()))
	}
	return err
}

// Note says what this system does not show, or "".
func Note() string {
	if runtime.GOOS == "linux" {
		return ""
	}
	return "descriptors and threads cannot be seen from outside on " + runtime.GOOS
}
