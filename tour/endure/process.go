package endure

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"example.com/gosockets/tour/runner"
)

// A process is a server that runs.
type process struct {
	cmd    *exec.Cmd
	addr   string
	errors stderr
	ended  chan struct{} // closed once it has ended; status is to be read then
	status int
}

// start starts the server and waits until it listens.
func start(ctx context.Context, s *subject) (*process, error) {
	args := slices.Concat([]string{"-addr", "127.0.0.1:0"}, s.args)
	p := &process{cmd: exec.Command(s.program, args...), ended: make(chan struct{})}
	p.cmd.Dir = s.dir
	p.cmd.Env = slices.Concat(os.Environ(), []string{fmt.Sprint("GOMEMLIMIT=", memoryLimit), trace}, s.env)
	p.cmd.Stderr = &p.errors
	p.cmd.WaitDelay = time.Second // for what a child holds open
	runner.OwnGroup(p.cmd)
	stdout, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", s.program, err)
	}
	first := make(chan string, 1)
	go p.watch(stdout, first)
	select {
	case line := <-first:
		var found bool
		if p.addr, found = strings.CutPrefix(line, "listening on "); found {
			return p, nil
		}
		err = fmt.Errorf("its first line is %q", line)
	case <-p.ended:
		err = fmt.Errorf("it ended at once, with status %d: %s", p.status, &p.errors)
	case <-time.After(goodOrder):
		err = fmt.Errorf("it does not listen after %v", goodOrder)
	case <-ctx.Done():
		err = ctx.Err()
	}
	p.kill()
	return nil, err
}

// watch takes all that the process prints until it has ended, and hands over
// the first line, if there is one.
func (p *process) watch(stdout io.Reader, first chan<- string) {
	defer close(p.ended)
	lines := bufio.NewReader(stdout)
	if line, _, err := lines.ReadLine(); err == nil {
		first <- string(line)
	}
	_, _ = io.Copy(io.Discard, lines) // an error is an end, too
	_ = p.cmd.Wait()                  // the status says more than this error
	p.status = p.cmd.ProcessState.ExitCode()
}

// levels does not count goroutines, which takes a moment.
func (p *process) levels() Levels { return levels(p.cmd.Process.Pid) }

func (p *process) interrupt() { runner.InterruptGroup(p.cmd.Process.Pid) }

// kill ends the process, if it has not ended by itself, and waits for its end:
// first with an interrupt, so that it can end what it has started, then by force.
func (p *process) kill() {
	if p.hasEnded() {
		return
	}
	p.interrupt()
	select {
	case <-p.ended:
	case <-time.After(2 * time.Second):
		runner.KillGroup(p.cmd.Process.Pid)
		<-p.ended
	}
}

func (p *process) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}
