package bench

import "context"

// datagrams measures lesson 3: round trips over UDP, and lesson 2's over TCP.
func (b *bench) datagrams(ctx context.Context) error {
	server, addr, err := b.serveGo(ctx, 3)
	defer server.stop()
	if err != nil {
		return err
	}
	python, pythonAddr, err := b.servePython(ctx, b.original(3, "upper_server.py"))
	defer python.stop()
	if err != nil {
		return err
	}
	stream, streamAddr, err := b.serveGo(ctx, 2, "-concurrent")
	defer stream.stop()
	if err != nil {
		return err
	}
	trips := func(network, addr string, clients int) func(context.Context) (float64, error) {
		return func(ctx context.Context) (float64, error) {
			return upper(network, addr, messageSize).rate(ctx, clients, b.window)
		}
	}

	const overTCP, tenClients = "lesson 2's server over TCP", "with 10 clients"
	taken, err := b.alternate(ctx, "lesson 3", b.rounds,
		side{goServer, "", trips("udp", addr, 1)},
		side{pyServer, "python3", trips("udp", pythonAddr, 1)},
		side{overTCP, "", trips("tcp", streamAddr, 1)},
		side{tenClients, "", trips("udp", addr, 10)},
	)
	if err != nil {
		return err
	}
	const what = "round trips of 64 bytes over UDP, 1 client"
	b.compare(3, what, taken, goServer, pyServer, perSecond, aim{})
	b.compare(3, what, taken, goServer, overTCP, perSecond, aim{})
	b.growths = append(b.growths, growth{
		lesson: 3, what: "round trips, Go server", in: perSecond,
		steps:    []string{"1 client", "10 clients"},
		measured: []float64{median(taken[goServer]), median(taken[tenClients])},
	})
	return nil
}
