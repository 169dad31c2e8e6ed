package endure

import (
	"bytes"
	"context"
	"fmt"
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
	errors head
	ended  chan struct{} // closed once it has ended; status and errors are to be read then
	status int
}

// start starts the server, in one of its variants, and waits until it listens.
func start(ctx context.Context, s *subject, turn uint64) (*process, error) {
	args := slices.Concat([]string{"-addr", "127.0.0.1:0"}, s.args, s.variant(turn).args)
	p := &process{cmd: exec.Command(s.program, args...), ended: make(chan struct{})}
	first := firstLine{line: make(chan string, 1)}
	p.cmd.Dir = s.dir
	p.cmd.Env = append(append(os.Environ(), memoryLimit), s.env...)
	p.cmd.Stdin = strings.NewReader(typed)
	p.cmd.Stdout, p.cmd.Stderr = &first, &p.errors
	p.cmd.WaitDelay = time.Second // for what a child holds open
	runner.OwnGroup(p.cmd)
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", s.program, err)
	}
	go func() {
		defer close(p.ended)
		_ = p.cmd.Wait() // the status says more than this error
		p.status = p.cmd.ProcessState.ExitCode()
	}()
	var err error
	select {
	case line := <-first.line:
		var found bool
		if p.addr, found = strings.CutPrefix(line, "listening on "); found {
			return p, nil
		}
		err = fmt.Errorf("its first line is %q", line)
	case <-p.ended:
		err = fmt.Errorf("it ended with status %d: %s", p.status, &p.errors)
	case <-time.After(goodOrder):
		err = fmt.Errorf("it does not listen after %v", goodOrder)
	case <-ctx.Done():
		err = ctx.Err()
	}
	p.kill()
	return nil, err
}

func (p *process) levels() Levels { return levels(p.cmd.Process.Pid) }

func (p *process) interrupt() { runner.InterruptGroup(p.cmd.Process.Pid) }

// kill ends the process, if it has not ended by itself, and waits for its end.
func (p *process) kill() {
	if !p.hasEnded() {
		runner.KillGroup(p.cmd.Process.Pid)
	}
	<-p.ended
}

func (p *process) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// firstLine takes all that is written to it and keeps the first line.
type firstLine struct {
	begun []byte
	told  bool
	line  chan string // has room for it
}

func (f *firstLine) Write(p []byte) (int, error) {
	if !f.told {
		f.begun = append(f.begun, p...)
		if line, _, whole := bytes.Cut(f.begun, []byte("\n")); whole || len(f.begun) > 1000 {
			f.line <- strings.TrimSuffix(string(line), "\r")
			f.told, f.begun = true, nil
		}
	}
	return len(p), nil
}

// head takes all that is written to it and keeps the beginning.
type head struct{ kept []byte }

func (h *head) Write(p []byte) (int, error) {
	h.kept = append(h.kept, p[:min(len(p), 300-len(h.kept))]...)
	return len(p), nil
}

func (h *head) String() string { return fmt.Sprintf("%q", h.kept) }
