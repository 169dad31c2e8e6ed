package endure

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// How many clients a lesson has at once, and how many of them are slow. All of
// them with all that a flood opens are fewer than maxClients.
const (
	goods    = 4
	slows    = 1
	hostiles = 3
	flooding = 7

	maxClients = 32
)

// patience is a good client's, for one answer. It is a safety net: what a machine
// may hold up is counted in tries.
const patience = time.Minute

// tries is how often a good client comes when each time a limit of the server's has
// run out before all was said. The machine may have held up either of the two, and
// the server has to drop who is silent; but nobody is held up as often in a row.
const tries = 10

// A load is what a server is put under, and what came of it.
type load struct {
	subject   *subject
	seed      uint64
	exchanges atomic.Int64
	hostiles  atomic.Int64
	heldUp    atomic.Int64 // conversations that good clients had to begin again
	most      int64        // memory that the server had at one moment, in bytes

	verdicts []string // on the server as a whole, from one goroutine

	mu     sync.Mutex
	faults []string // that clients met with
	more   int      // of them, beyond maxFaults
}

const maxFaults = 5

func (l *load) verdict(format string, args ...any) {
	l.verdicts = append(l.verdicts, fmt.Sprintf(format, args...))
}

func (l *load) fault(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.faults) == maxFaults {
		l.more++
		return
	}
	l.faults = append(l.faults, err.Error())
}

// list is everything that went wrong, once nothing runs any more.
func (l *load) list() []string {
	all := slices.Concat(l.verdicts, l.faults)
	if l.more > 0 {
		all = append(all, fmt.Sprintf("and %d times more", l.more))
	}
	return all
}

// run lets clients come and go until duration is over or the server has ended.
// A good client has its conversation to the end.
func (l *load) run(ctx context.Context, p *process, duration time.Duration) {
	loading, cancel := context.WithTimeout(ctx, duration)
	defer cancel()
	var clients sync.WaitGroup
	client := func(i uint64, pace time.Duration, meet func(rng random)) {
		clients.Go(func() {
			rng := l.random(i)
			for {
				meet(rng)
				if !pause(loading, rng.duration(pace)) {
					return
				}
			}
		})
	}
	for i := range uint64(goods) {
		client(i, 100*time.Millisecond, func(rng random) { l.good(ctx, p.addr, rng, i < slows) })
	}
	for i := range uint64(hostiles) {
		client(goods+i, 200*time.Millisecond, func(rng random) { l.hostile(loading, p.addr, rng) })
	}
	finished := make(chan struct{})
	go func() { clients.Wait(); close(finished) }()
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for ended := p.ended; ; {
		select {
		case <-finished:
			return
		case <-look.C:
			l.most = max(l.most, p.levels().Memory)
		case <-ended:
			cancel()
			ended = nil
		}
	}
}

// good has one conversation, in which every answer has to be right.
func (l *load) good(ctx context.Context, addr string, rng random, slow bool) {
	l.untilServed(ctx, func() error { return l.converse(ctx, addr, rng, slow, 0) })
}

// untilServed calls meet again while it returns errLate, up to so many times.
func (l *load) untilServed(ctx context.Context, meet func() error) {
	for try := 1; ; try++ {
		err := meet()
		switch {
		case err == nil || ctx.Err() != nil:
			return
		case !errors.Is(err, errLate) || try == tries:
			l.fault(err)
			return
		}
		l.heldUp.Add(1)
	}
}

// converse counts the exchanges of a good client.
func (l *load) converse(ctx context.Context, addr string, rng random, slow bool, turn uint64) error {
	served, err := l.subject.converse(ctx, addr, rng, slow, turn)
	l.exchanges.Add(int64(served))
	if err != nil {
		return fmt.Errorf("a good client, after %d exchanges: %w", served, err)
	}
	return nil
}

// pause reports whether d has passed, and not ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// random makes up what clients do.
type random struct{ *rand.Rand }

// random is the source of the client of that number: the same seed and number
// make the same client.
func (l *load) random(client uint64) random {
	return random{rand.New(rand.NewPCG(l.seed, client))}
}

func (r random) duration(below time.Duration) time.Duration {
	return time.Duration(r.Int64N(int64(below)))
}

// bytes returns from 1 to n bytes of any kind.
func (r random) bytes(n int) []byte {
	b := make([]byte, 1+r.IntN(n))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

var (
	errWrong = errors.New("a wrong answer")
	errLate  = fmt.Errorf("cut short, %d times in a row", tries)
)

// compare returns an error that shows where got is not what it has to be.
func compare(got, want []byte) error {
	if bytes.Equal(got, want) {
		return nil
	}
	at := 0
	for at < min(len(got), len(want)) && got[at] == want[at] {
		at++
	}
	return fmt.Errorf("%w: %d bytes, %d are right, then %.40q instead of %.40q", errWrong, len(got), at, got[at:], want[at:])
}
