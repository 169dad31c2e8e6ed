package bench

import (
	"context"
	"os/exec"
	"runtime"
	"time"
)

// costOfServing is what lesson 4's server adds to a command. Most of the time of
// either is the shell's.
const costOfServing = "a command here is also a round trip, two lines of journal, and a watch over the client"

// commands measures lesson 4: what a command costs that costs nothing itself.
func (b *bench) commands(ctx context.Context) error {
	server, addr, err := b.serveGo(ctx, 4)
	defer server.stop()
	if err != nil {
		return err
	}
	python, pythonAddr, err := b.servePython(ctx, b.original(4, "command_server.py"))
	defer python.stop()
	if err != nil {
		return err
	}
	shell, answer := []string{"sh", "-c"}, "hi\n"
	if runtime.GOOS == "windows" {
		shell, answer = []string{"cmd", "/C"}, "hi\r\n"
	}
	asked := func(addr string, clients int) func(context.Context) (float64, error) {
		return func(ctx context.Context) (float64, error) {
			return load{"tcp", addr, []byte("echo hi"), []byte(answer)}.rate(ctx, clients, b.window)
		}
	}
	bare := func(ctx context.Context) (float64, error) {
		start, n := time.Now(), 0
		for ; time.Since(start) < b.window; n++ {
			if _, err := exec.CommandContext(ctx, shell[0], shell[1], "echo hi").Output(); err != nil {
				return 0, err
			}
		}
		return float64(n) / time.Since(start).Seconds(), nil
	}

	const bareExec, tenClients = "bare exec.Command", "with 10 clients"
	taken, err := b.alternate(ctx, "lesson 4", b.rounds,
		side{goServer, "", asked(addr, 1)},
		side{bareExec, "", bare},
		side{pyServer, "python3", asked(pythonAddr, 1)},
		side{tenClients, "", asked(addr, 10)},
	)
	if err != nil {
		return err
	}
	const what = "commands (echo hi), 1 client"
	b.compare(4, what, taken, goServer, bareExec, perSecond, aim{least: 0.9, why: costOfServing})
	b.compare(4, what, taken, goServer, pyServer, perSecond, aim{})
	b.growths = append(b.growths, growth{
		lesson: 4, what: "commands, Go server", in: perSecond,
		steps:    []string{"1 client", "10 clients"},
		measured: []float64{median(taken[goServer]), median(taken[tenClients])},
	})
	return nil
}
