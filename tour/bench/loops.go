package bench

import (
	"context"
	"fmt"
	"time"

	"example.com/gosockets/tour/course"
)

const (
	goServer  = "Go server"
	bareLoop  = "bare Read and Write"
	pyServer  = "Python server"
	pyThreads = "Python server with threads"
	mute      = "Go server, journal to nowhere"
)

// What holds lesson 2 back.
const (
	journaling = "the journal has a line for each message, which is one more system call and wakes its reader"
	crowded    = "the clients and the kernel share the machine with the server: see what the bare loop has"
)

// messageSize is the size of a question and of an answer, in bytes.
const messageSize = 64

// loops measures lesson 2: round trips.
func (b *bench) loops(ctx context.Context) error {
	server, addr, err := b.serveGo(ctx, 2, "-concurrent", "-max-clients", "10000", "-idle-timeout", "1h")
	defer server.stop()
	if err != nil {
		return err
	}
	silent, silentAddr, err := b.serveMute(ctx)
	defer silent.stop()
	if err != nil {
		return err
	}
	bare, bareAddr, err := b.serveBare(ctx)
	defer bare.stop()
	if err != nil {
		return err
	}
	python, pythonAddr, err := b.servePython(ctx, b.original(2, "upper_server.py"))
	defer python.stop()
	if err != nil {
		return err
	}
	threads, threadsAddr, err := b.servePython(ctx, b.own("python/threaded_server.py"))
	defer threads.stop()
	if err != nil {
		return err
	}
	trips := func(addr string, clients int) func(context.Context) (float64, error) {
		return func(ctx context.Context) (float64, error) {
			return upper("tcp", addr, messageSize).rate(ctx, clients, b.window)
		}
	}

	grown := growth{lesson: 2, what: "round trips, Go server", in: perSecond}
	for _, clients := range []int{1, 10, b.crowd, b.throng} {
		sides := []side{{goServer, "", trips(addr, clients)}}
		if clients != 10 {
			sides = append(sides, side{bareLoop, "", trips(bareAddr, clients)},
				side{pyThreads, "python3", trips(threadsAddr, clients)})
		}
		if clients == 1 {
			sides = append(sides, side{mute, "", trips(silentAddr, 1)}, side{pyServer, "python3", trips(pythonAddr, 1)})
		}
		taken, err := b.alternate(ctx, fmt.Sprintf("lesson 2, %s", count(clients, "client")), b.rounds, sides...)
		if err != nil {
			return err
		}
		grown.steps = append(grown.steps, count(clients, "client"))
		grown.measured = append(grown.measured, median(taken[goServer]))
		b.loopRows(taken, clients)
	}
	b.growths = append(b.growths, grown)
	if err := b.messages(ctx); err != nil {
		return err
	}
	return b.idle(ctx)
}

func (b *bench) loopRows(taken samples, clients int) {
	what := fmt.Sprintf("round trips of %d bytes, %s", messageSize, count(clients, "client"))
	switch clients {
	case 1:
		b.compare(2, what, taken, mute, bareLoop, perSecond, aim{least: 0.95})
		b.compare(2, what, taken, goServer, bareLoop, perSecond, aim{least: 0.95, why: journaling})
		b.compare(2, what, taken, goServer, pyServer, perSecond, aim{})
	case b.crowd:
		b.compare(2, what, taken, goServer, bareLoop, perSecond, aim{})
		b.compare(2, what, taken, goServer, pyThreads, perSecond, aim{least: 2, why: crowded})
		b.compare(2, what, taken, bareLoop, pyThreads, perSecond, aim{})
	case b.throng:
		b.compare(2, what, taken, goServer, bareLoop, perSecond, aim{})
		b.compare(2, what, taken, goServer, pyThreads, perSecond, aim{})
	}
}

// serveMute starts a server that shows what it does to nobody.
func (b *bench) serveMute(ctx context.Context) (*process, string, error) {
	program, err := b.program(ctx, 2, "server")
	if err != nil {
		return nil, "", err
	}
	hold, _, err := holdPort()
	if err != nil {
		return nil, "", err
	}
	server, err := startOn(ctx, hold, program, "-addr", hold.Addr(), "-concurrent")
	return server, hold.Addr(), err
}

// serveBare starts the server that the others are compared with.
func (b *bench) serveBare(ctx context.Context) (*process, string, error) {
	program, err := b.built(ctx, &course.Lesson{Name: "bare", Dir: b.own("bare")}, "bare")
	if err != nil {
		return nil, "", err
	}
	return serve(ctx, program)
}

// messages measures what a client costs that goes on and on.
func (b *bench) messages(ctx context.Context) error {
	rates := growth{lesson: 2, what: "round trips, Go server, 1 client", in: perSecond}
	peaks := growth{lesson: 2, what: "peak memory of the Go server", in: inBytes}
	for _, window := range []time.Duration{b.window, 10 * b.window} {
		server, addr, err := b.serveGo(ctx, 2)
		defer server.stop()
		if err != nil {
			return err
		}
		rate, err := upper("tcp", addr, messageSize).rate(ctx, 1, window)
		if err != nil {
			return err
		}
		step := thousands(rate*window.Seconds()) + " messages"
		rates.steps, rates.measured = append(rates.steps, step), append(rates.measured, rate)
		if _, peak := memory(server.cmd.Process.Pid); peak > 0 { // this system tells
			peaks.steps, peaks.measured = append(peaks.steps, step), append(peaks.measured, peak)
		}
	}
	b.growths = append(b.growths, rates)
	if len(peaks.steps) > 0 {
		b.growths = append(b.growths, peaks)
	}
	return nil
}

// idle measures what clients cost that are there and say nothing.
func (b *bench) idle(ctx context.Context) error {
	fmt.Fprintln(b.stderr, "lesson 2, idle clients")
	grown := growth{lesson: 2, what: "memory of the Go server", steps: []string{"no client"}, in: inBytes}
	server, addr, err := b.serveGo(ctx, 2, "-concurrent", "-max-clients", "10000")
	defer server.stop()
	if err != nil {
		return err
	}
	before, _ := memory(server.cmd.Process.Pid)
	if before == 0 {
		return nil // this system does not tell
	}
	grown.measured = []float64{before}
	for _, clients := range []int{b.crowd, b.throng} {
		conns, err := upper("tcp", addr, messageSize).connect(ctx, clients)
		now, _ := memory(server.cmd.Process.Pid)
		hangUp(conns)
		if err != nil {
			return err
		}
		grown.steps = append(grown.steps, count(clients, "idle client"))
		grown.measured = append(grown.measured, now)
	}
	b.growths = append(b.growths, grown)
	return nil
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return thousands(float64(n)) + " " + noun
}
