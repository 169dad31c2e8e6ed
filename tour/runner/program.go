package runner

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"
)

// A program is one real process in one of a transcript's terminals.
type program struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *os.File // our end of the pipe that is its standard output and error
	output output
	told   bool          // to stop, by ^C or ^D; the player's
	ended  chan struct{} // closed once it has ended and all it printed is in output
	status int           // to be read after ended
}

// start starts argv in dir. changed is signalled whenever it has printed
// something or has ended.
func start(dir string, argv []string, changed chan<- struct{}) (*program, error) {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = dir
	OwnGroup(cmd)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", argv[0], err)
	}
	ours, theirs, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", argv[0], err)
	}
	// One pipe for both, so that what it prints stays in order.
	cmd.Stdout, cmd.Stderr = theirs, theirs
	err = cmd.Start()
	theirs.Close() // it has a copy
	if err != nil {
		ours.Close()
		return nil, fmt.Errorf("starting %s: %w", argv[0], err)
	}
	p := &program{cmd: cmd, stdin: stdin, stdout: ours, ended: make(chan struct{})}
	go p.watch(changed)
	return p, nil
}

// watch collects what the program prints until it has ended.
func (p *program) watch(changed chan<- struct{}) {
	signal := func() {
		select {
		case changed <- struct{}{}:
		default: // one is waiting already
		}
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		buf := make([]byte, 4096)
		for {
			n, err := p.stdout.Read(buf)
			if p.output.add(buf[:n]); p.output.overflown() {
				p.kill()
			}
			signal()
			if err != nil {
				return // the last process that could write has ended, or kill was called
			}
		}
	}()
	_ = p.cmd.Wait() // the status says more than this error
	KillGroup(p.cmd.Process.Pid)
	<-drained
	p.stdout.Close()
	p.status = exitStatus(p.cmd.ProcessState)
	close(p.ended)
	signal()
}

func (p *program) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// kill ends the program by force. Closing the pipe lets go of a child that left
// the group and holds the other end.
func (p *program) kill() {
	KillGroup(p.cmd.Process.Pid)
	p.stdout.Close()
}

// interrupt presses Ctrl-C and, like a person, presses again when the program
// has not ended after a while: Python misses one that comes in the moment
// between its last look for a signal and the read in which it then waits.
func (p *program) interrupt() {
	InterruptGroup(p.cmd.Process.Pid)
	go func() {
		for {
			select {
			case <-p.ended:
				return
			case <-time.After(3 * time.Second):
				InterruptGroup(p.cmd.Process.Pid)
			}
		}
	}()
}

// stop interrupts the program and kills it when it has not ended within grace.
func (p *program) stop(grace time.Duration) {
	if p.hasEnded() {
		return
	}
	p.interrupt()
	select {
	case <-p.ended:
	case <-time.After(grace):
		p.kill()
		<-p.ended
	}
}

// output is what a program has printed and nobody has taken yet.
type output struct {
	mu      sync.Mutex
	unread  []byte
	total   int
	midLine bool // the last take had no newline; the next byte may be it
}

func (o *output) add(b []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.total += len(b); o.total <= outputLimit {
		o.unread = append(o.unread, b...)
	}
}

func (o *output) overflown() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.total > outputLimit
}

// prompts is what Python's input writes, even when nobody sits at a terminal.
var prompts = regexp.MustCompile(`^(>>> )*(>>>$)?`)

// next offers the next line, without prompts, and drops it when take says so.
// whole says whether the line has come to its end: a program can stop in the
// middle, as nc does that shows a greeting as it comes. A line that is nothing
// but prompts is none.
func (o *output) next(take func(line string, whole bool) bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.midLine && len(o.unread) > 0 {
		o.unread = bytes.TrimPrefix(o.unread, []byte("\n"))
		o.midLine = false
	}
	for len(o.unread) > 0 {
		text, rest, whole := strings.Cut(string(o.unread), "\n")
		prompted := len(prompts.FindString(text))
		line := strings.TrimRight(text[prompted:], " \r")
		if prompted > 0 && line == "" {
			if !whole {
				return
			}
			o.unread = []byte(rest)
			continue
		}
		if take(line, whole) {
			o.unread, o.midLine = []byte(rest), !whole
		}
		return
	}
}
