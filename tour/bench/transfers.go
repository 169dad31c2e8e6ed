package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"time"
)

// memoryLimit is what a side of a transfer may take, in bytes.
const memoryLimit = 32 << 20

// files measures lesson 6.
func (b *bench) files(ctx context.Context) error {
	d, err := b.newDepot()
	if err != nil {
		return err
	}
	defer d.remove()
	for _, measure := range []func(context.Context, *depot) error{b.transfers, b.pairs, b.sizesOfFiles, b.eightClients} {
		if err := measure(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// A pair is lesson 6's Go server and a client that waits for names.
type pair struct{ server, client *process }

func (p pair) stop() {
	p.client.stop()
	p.server.stop()
}

func (b *bench) newPair(ctx context.Context, d *depot, flags ...string) (p pair, addr string, err error) {
	p.server, addr, err = b.serveGo(ctx, 6, append(flags, "-dir", d.path("share"))...)
	if err == nil {
		p.client, err = b.goClient(ctx, d, addr, "download")
	}
	return p, addr, err
}

// transfers compares a big file's way with other programs.
func (b *bench) transfers(ctx context.Context, d *depot) error {
	both, _, err := b.newPair(ctx, d)
	defer func() { both.stop() }()
	if err != nil {
		return err
	}
	plain, _, err := b.newPair(ctx, d, "-md5=false")
	defer func() { plain.stop() }()
	if err != nil {
		return err
	}
	others, stop, err := b.others(ctx, d, bigFile)
	defer stop()
	if err != nil {
		return err
	}
	place := d.path("download", bigFile)
	get := func(client *process) func(context.Context) (float64, error) {
		return func(context.Context) (float64, error) {
			return d.timed(bigFile, place, func() error { return d.get(client, bigFile) })
		}
	}
	age := time.Hour
	taken, err := b.alternate(ctx, "lesson 6, a big file", b.fewRounds, append([]side{
		{firstGet, "", func(ctx context.Context) (float64, error) {
			age += time.Minute
			if err := d.age(bigFile, age); err != nil {
				return 0, err
			}
			return get(both.client)(ctx)
		}},
		{checked, "", get(both.client)},
		{md5Alone, "", func(context.Context) (float64, error) { return d.hash(bigFile) }},
		{unchecked, "", get(plain.client)},
	}, others...)...)
	if err != nil {
		return err
	}
	what := "a file of " + inBytes(float64(b.big))
	b.compare(6, what, taken, checked, md5Alone, bytesPerSecond,
		aim{least: 0.9, why: "md5 takes a core, and sending, receiving and writing take most of another"})
	b.compare(6, what, taken, firstGet, md5Alone, bytesPerSecond, aim{})
	b.compare(6, what, taken, unchecked, webServer, bytesPerSecond, aim{least: 1})
	b.compare(6, what, taken, unchecked, netcat, bytesPerSecond, aim{})
	b.compare(6, what, taken, unchecked, ceiling, bytesPerSecond, aim{})
	return nil
}

// pairs compares the four pairs of Go and Python, with a file that the slowest
// of them has in a second or so.
func (b *bench) pairs(ctx context.Context, d *depot) error {
	both, addr, err := b.newPair(ctx, d)
	defer func() { both.stop() }()
	if err != nil {
		return err
	}
	plain, _, err := b.newPair(ctx, d, "-md5=false")
	defer func() { plain.stop() }()
	if err != nil {
		return err
	}
	server, pythonAddr, err := b.servePython(ctx, d.path("python", "file_server.py"))
	defer server.stop()
	if err != nil {
		return err
	}
	place := d.path("download", smallFile)
	get := func(client *process) func(context.Context) (float64, error) {
		return func(context.Context) (float64, error) {
			return d.timed(smallFile, place, func() error { return d.get(client, smallFile) })
		}
	}
	pythonGet := func(addr string) func(context.Context) (float64, error) {
		return func(ctx context.Context) (float64, error) {
			return d.timed(smallFile, place, func() error { return d.pythonFetch(ctx, addr, smallFile) })
		}
	}
	taken, err := b.alternate(ctx, "lesson 6, Go and Python", b.fewRounds,
		side{checked, "", get(both.client)},
		side{unchecked, "", get(plain.client)},
		side{goPython, "python3", pythonGet(addr)},
		side{python, "python3", pythonGet(pythonAddr)},
		side{pythonGo, "python3", func(ctx context.Context) (float64, error) { // the server has one client at a time
			client, err := b.goClient(ctx, d, pythonAddr, "download")
			if err != nil {
				return 0, err
			}
			defer client.stop()
			return get(client)(ctx)
		}},
	)
	if err != nil {
		return err
	}
	what := "a file of " + inBytes(float64(b.small))
	b.compare(6, what, taken, unchecked, python, bytesPerSecond, aim{least: 8})
	b.compare(6, what, taken, checked, python, bytesPerSecond, aim{})
	b.compare(6, what, taken, goPython, python, bytesPerSecond, aim{})
	b.compare(6, what, taken, pythonGo, python, bytesPerSecond, aim{})
	return nil
}

// sizesOfFiles measures what ten times the size does to time and memory.
func (b *bench) sizesOfFiles(ctx context.Context, d *depot) error {
	var steps []string
	var times, servers, clients []float64
	for _, name := range []string{tenthFile, bigFile} {
		both, _, err := b.newPair(ctx, d)
		defer both.stop()
		if err != nil {
			return err
		}
		size := float64(d.size[name])
		taken, err := b.alternate(ctx, "lesson 6, a file of "+inBytes(size), b.fewRounds, side{checked, "",
			func(context.Context) (float64, error) {
				return d.timed(name, d.path("download", name), func() error { return d.get(both.client, name) })
			}})
		if err != nil {
			return err
		}
		_, server := memory(both.server.cmd.Process.Pid)
		_, client := memory(both.client.cmd.Process.Pid)
		steps = append(steps, inBytes(size))
		times = append(times, size/median(taken[checked]))
		servers, clients = append(servers, server), append(clients, client)
	}
	b.growths = append(b.growths, growth{6, "time for a file", steps, times, seconds})
	if servers[0] == 0 {
		return nil // this system does not tell
	}
	what := "peak memory, a file of " + steps[1]
	peak := samples{"Go server": servers[1:], "Go client": clients[1:], "a limit": always(memoryLimit, 1)}
	for _, side := range []string{"Go server", "Go client"} {
		b.compare(6, what, peak, side, "a limit", inBytes, aim{most: 1})
	}
	b.growths = append(b.growths, growth{6, "peak memory of the server", steps, servers, inBytes},
		growth{6, "peak memory of the client", steps, clients, inBytes})
	return nil
}

// eightClients measures what eight clients at once get, in all.
func (b *bench) eightClients(ctx context.Context, d *depot) error {
	const many = 8
	server, addr, err := b.serveGo(ctx, 6, "-dir", d.path("share"))
	defer server.stop()
	if err != nil {
		return err
	}
	var clients []*process
	for i := range many {
		client, err := b.goClient(ctx, d, addr, filepath.Join("download", fmt.Sprint(i)))
		if err != nil {
			return err
		}
		defer client.stop()
		clients = append(clients, client)
	}
	get := func(n int) func(context.Context) (float64, error) {
		return func(context.Context) (float64, error) {
			return d.getAtOnce(clients[:n])
		}
	}
	const one, eight = "1 client", "8 clients at once, together"
	taken, err := b.alternate(ctx, "lesson 6, 8 clients", b.fewRounds, side{one, "", get(1)}, side{eight, "", get(many)})
	if err != nil {
		return err
	}
	b.compare(6, "a file of "+inBytes(float64(d.size[tenthFile]))+" for each client", taken, eight, one, bytesPerSecond,
		aim{least: 1, why: "the md5 of each takes a core, and there are too few"})
	return nil
}

// getAtOnce returns how many bytes a second all clients together get.
func (d *depot) getAtOnce(clients []*process) (float64, error) {
	for i := range clients {
		removeFile(d.path("download", fmt.Sprint(i), tenthFile))
	}
	failures := make([]error, len(clients))
	var getting sync.WaitGroup
	start := time.Now()
	for i, client := range clients {
		getting.Go(func() { failures[i] = d.get(client, tenthFile) })
	}
	getting.Wait()
	total := float64(len(clients)) * float64(d.size[tenthFile])
	return total / time.Since(start).Seconds(), firstError(failures...)
}
