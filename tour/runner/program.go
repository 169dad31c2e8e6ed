package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"

	"example.com/gosockets/tour/wire"
)

// A program is one real process in one of a transcript's terminals.
type program struct {
	cmd    *exec.Cmd
	stdin  *os.File // our end of the pipe that is its standard input
	stdout *os.File // our end of the pipe that is its standard output and error
	output output
	inGo   bool          // it is one of the lessons' Go programs
	told   bool          // to stop, by ^C or ^D; for the goroutine of the stage alone
	typing chan struct{} // holds one while what was typed is not all in the pipe
	ended  chan struct{} // closed once it has ended and all it printed is in output
	status int           // to be read after ended
	addr   string        // of a server, once it has said where it listens
	relay  *wire.Relay   // before a server, or nil

	mu     sync.Mutex
	last   func() // to be done at its end
	killed bool
	gone   bool // the process, while another may still hold its output
}

// start starts argv in dir. changed is signalled, and the view told, whenever it
// has printed something or has ended.
func start(dir string, argv []string, changed chan<- struct{}, terminal string, view View) (*program, error) {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = dir
	keepGroup(cmd)
	in, stdin, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", argv[0], err)
	}
	stdout, out, err := os.Pipe()
	if err != nil {
		in.Close()
		stdin.Close()
		return nil, fmt.Errorf("starting %s: %w", argv[0], err)
	}
	// One pipe for both, so that what it prints stays in order.
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, out
	err = cmd.Start()
	in.Close() // it has copies
	out.Close()
	if err != nil {
		stdin.Close()
		stdout.Close()
		return nil, fmt.Errorf("starting %s: %w", argv[0], err)
	}
	p := &program{cmd: cmd, stdin: stdin, stdout: stdout, typing: make(chan struct{}, 1), ended: make(chan struct{})}
	go p.watch(changed, terminal, view)
	return p, nil
}

// watch collects what the program prints until it has ended.
func (p *program) watch(changed chan<- struct{}, terminal string, view View) {
	signal := func() {
		select {
		case changed <- struct{}{}:
		default: // one is waiting already
		}
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		buf, tooMuch := make([]byte, 4096), false
		for {
			n, err := p.stdout.Read(buf)
			if n > 0 && view.Print != nil && !tooMuch {
				view.Print(terminal, buf[:n])
			}
			if p.output.add(buf[:n]) {
				tooMuch = true
				p.kill()
				if view.Print != nil {
					view.Print(terminal, []byte("\n[ended: it has printed more than 1 MiB]\n"))
				}
			}
			signal()
			p.output.pace(n)
			if err != nil {
				return // the last process that could write has ended, or kill was called
			}
		}
	}()
	_ = p.cmd.Wait() // the status says more than this error
	KillGroup(p.cmd.Process.Pid)
	p.letGo(func() { p.gone = true })
	<-drained
	p.stdout.Close()
	_ = p.stdin.Close() // the transcript may have closed it
	p.status = exitStatus(p.cmd.ProcessState)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last != nil {
		p.last()
	}
	if view.Ended != nil {
		view.Ended(terminal, p.status)
	}
	close(p.ended)
	signal()
}

// atEnd has last done when the program has ended, before others are told, or now
// if it has ended already.
func (p *program) atEnd(last func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hasEnded() {
		last()
	}
	p.last = last
}

func (p *program) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// isOver is hasEnded for who may have been told of the end by the view: that is a
// moment before it is so.
func (p *program) isOver() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hasEnded()
}

// write types a text. A program that does not read has a full pipe in the end:
// then it is an error after limit, and until there is room at once. (Windows
// knows no deadline for a pipe. The goroutine ends with the program.)
func (p *program) write(ctx context.Context, text string, limit time.Duration) error {
	select {
	case p.typing <- struct{}{}:
	default:
		return errors.New("it has yet to read what was typed before")
	}
	written := make(chan error, 1)
	go func() {
		_, err := io.WriteString(p.stdin, text)
		<-p.typing
		written <- err
	}()
	select {
	case err := <-written:
		if err != nil {
			return fmt.Errorf("it no longer does: %w", err)
		}
		return nil
	case <-time.After(limit):
		return fmt.Errorf("it does not, not within %v", limit)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// signal sends a signal to the program's group, unless the program has ended: its
// number may be another's by now.
func (p *program) signal(send func(pid int)) {
	if !p.hasEnded() {
		send(p.cmd.Process.Pid)
	}
}

// kill ends the program by force.
func (p *program) kill() {
	p.signal(killKept)
	p.letGo(func() { p.killed = true })
}

// letGo closes the pipe once the program has been killed and is gone: a child that
// left the group may hold the other end. Sooner, it would die of the pipe.
func (p *program) letGo(now func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now()
	if p.killed && p.gone {
		p.stdout.Close()
	}
}

// interrupt presses Ctrl-C. A person whose program does not end after a while
// presses again, and so does this unless again is 0: Python misses a signal that
// comes in the moment between its last look for one and the read in which it then
// waits. Go misses none, and may take a second one for impatience.
func (p *program) interrupt(again time.Duration) {
	p.signal(InterruptGroup)
	if again == 0 {
		return
	}
	go func() {
		for {
			select {
			case <-p.ended:
				return
			case <-time.After(again):
				p.signal(InterruptGroup)
			}
		}
	}()
}

// stop interrupts the program and kills it when it has not ended within grace. A
// keeper that cannot end after another grace, because it is stopped or what it keeps
// is another user's by now, is ended by itself: stop takes no more than two graces.
func (p *program) stop(grace time.Duration) {
	p.interrupt(0)
	select {
	case <-p.ended:
	case <-time.After(grace):
		p.kill()
		select {
		case <-p.ended:
		case <-time.After(keeperGrace):
			p.signal(KillGroup) // killed and gone, it lets go of its pipe
			<-p.ended
		}
	}
}

// output is what a program has printed and nobody has taken yet.
type output struct {
	mu      sync.Mutex
	unread  []byte
	total   int
	midLine bool // the last take had no newline; the next byte may be it
	ignored bool // nobody will take any of it
}

// add takes what has been printed, and reports whether that is more than enough.
func (o *output) add(b []byte) (tooMuch bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	before := o.total
	if o.total += len(b); o.total <= outputLimit && !o.ignored {
		o.unread = append(o.unread, b...)
	}
	return before <= outputLimit && o.total > outputLimit
}

// ignore drops what nobody has taken and what is yet to come.
func (o *output) ignore() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.unread, o.ignored = nil, true
}

// pace holds a program up that prints without end: after the first outputBurst
// bytes it reads no more than outputRate in a second, and the program waits for
// room in its pipe. n is what was read last.
func (o *output) pace(n int) {
	o.mu.Lock()
	hurried := o.total > outputBurst
	o.mu.Unlock()
	if hurried {
		time.Sleep(time.Duration(n) * time.Second / outputRate)
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
