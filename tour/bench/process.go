package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os/exec"
	"strings"
	"time"

	"example.com/gosockets/tour/wire"
)

// A process is a real program. What it prints has to be taken: by await, or by
// drain for as long as it runs.
type process struct {
	cmd     *exec.Cmd
	stdin   io.WriteCloser
	stdout  *bufio.Reader
	stderr  tail
	drained chan struct{} // closed once nothing more can come; nil before drain
	port    *wire.Hold    // where it listens, or nil if the system chose
}

// start starts argv, to run no longer than ctx.
func start(ctx context.Context, argv ...string) (*process, error) {
	p := &process{cmd: exec.CommandContext(ctx, argv[0], argv[1:]...)}
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.cmd.Stderr = &p.stderr
	p.stdin, p.stdout = stdin, bufio.NewReaderSize(stdout, 64<<10)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	return p, nil
}

// startOn starts a server that does not say when it is ready, on a port of
// 127.0.0.1 that is held for it, and waits until it listens. What the server
// prints goes nowhere.
func startOn(ctx context.Context, port *wire.Hold, argv ...string) (*process, error) {
	p := &process{cmd: exec.CommandContext(ctx, argv[0], argv[1:]...), drained: make(chan struct{}), port: port}
	p.cmd.Stderr = &p.stderr
	if err := p.cmd.Start(); err != nil {
		port.Close()
		return nil, err
	}
	go func() {
		defer close(p.drained)
		p.cmd.Wait() // stop kills it
	}()
	for {
		conn, err := net.Dial("tcp", port.Addr())
		if err == nil {
			return p, conn.Close()
		}
		select {
		case <-p.drained:
			p.stop()
			return nil, fmt.Errorf("%s ended: %s", argv[0], p.stderr.last)
		case <-ctx.Done():
			p.stop()
			return nil, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// holdPort keeps a port of 127.0.0.1 for a server that has to be told one.
func holdPort() (hold *wire.Hold, port string, err error) {
	if hold, err = wire.HoldPort(netip.AddrFrom4([4]byte{127, 0, 0, 1})); err != nil {
		return nil, "", err
	}
	_, port, err = net.SplitHostPort(hold.Addr())
	return hold, port, err
}

// serve starts a server that says where it listens, and waits until it does.
func serve(ctx context.Context, argv ...string) (p *process, addr string, err error) {
	if p, err = start(ctx, argv...); err != nil {
		return nil, "", err
	}
	line, err := p.await("listening on ")
	if err != nil {
		return nil, "", err
	}
	p.drain()
	return p, strings.TrimPrefix(line, "listening on "), nil
}

// await returns the next line with text in it. The end of the context given to
// start ends it.
func (p *process) await(text string) (string, error) {
	for {
		line, err := p.stdout.ReadString('\n')
		if strings.Contains(line, text) {
			return strings.TrimSpace(line), nil
		}
		if err != nil {
			p.stop() // then all of its stderr is here
			return "", fmt.Errorf("%s ended: expected %q\n%s", p.cmd.Args[0], text, p.stderr.last)
		}
	}
}

// drain takes what the program prints from now on, so that it need not wait.
func (p *process) drain() {
	p.drained = make(chan struct{})
	go func() {
		defer close(p.drained)
		io.Copy(io.Discard, p.stdout) // an error is its end, too
	}()
}

// stop ends the program by force: what it could still have to say was no part
// of what is measured. It may be called again, and of nil.
func (p *process) stop() {
	if p == nil {
		return
	}
	p.cmd.Process.Kill() // an error says that it has ended
	if p.drained == nil {
		p.drain()
	}
	<-p.drained
	p.cmd.Wait() // it was killed
	if p.port != nil {
		p.port.Close()
	}
}

// A tail keeps the last of what is written to it.
type tail struct{ last []byte }

func (t *tail) Write(b []byte) (int, error) {
	const limit = 4 << 10
	t.last = append(t.last, b...)
	t.last = bytes.Clone(t.last[max(0, len(t.last)-limit):])
	return len(b), nil
}
