// Package journal shows what happens on a server, a line per event, and holds
// up nobody: neither a client nor the server's end waits for whoever does not
// read what is shown.
package journal

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"
	"unsafe"
)

const (
	limit   = 1 << 20     // bytes of lines that wait to be written; what comes when there are as many is left out
	parting = time.Second // how long Close waits for somebody to read them
)

// A Journal shows events on an output. Its methods can be called by several
// goroutines at once, and all but Close return at once.
type Journal struct {
	lines *lines // nil if nothing is shown
	peer  string // in front of each line
}

// lines are those that wait, at most limit bytes and the line that reaches it, and
// as many again that are being written.
type lines struct {
	mu      sync.Mutex
	some    sync.Cond // signalled when waiting, lost or closed change
	waiting []byte
	lost    int // lines that came after those that wait
	closed  bool
	written chan struct{} // closed when everything is
}

// New returns a Journal that shows events on out, one or more whole lines a
// Write, until it is closed. Errors of out are passed over: a server serves on
// when nobody can see what it shows. On nil it shows nothing.
func New(out io.Writer) *Journal {
	if out == nil {
		return new(Journal)
	}
	l := &lines{written: make(chan struct{})}
	l.some.L = &l.mu
	go l.write(out)
	return &Journal{lines: l}
}

// For returns the part of the journal in which each line starts with peer's Name.
func (j *Journal) For(peer net.Addr) *Journal { return &Journal{j.lines, Name(peer) + " "} }

// Name returns addr as it can be shown: as it is, quoted if it has characters that
// a terminal would not show as they are (a unix socket's path can be anything), or
// "@" for an address without a name.
func Name(addr net.Addr) string {
	name := addr.String()
	if name == "" {
		name = "@"
	}
	if quoted := strconv.Quote(name); len(quoted) > len(name)+2 {
		return quoted
	}
	return name
}

// Show shows event, a peer's name in it perhaps: what is not printable is shown as
// %q has it.
func (j *Journal) Show(event string) {
	j.add(func(line []byte) []byte {
		for _, r := range event {
			if strconv.IsPrint(r) {
				line = utf8.AppendRune(line, r)
			} else {
				quoted := strconv.QuoteRune(r)
				line = append(line, quoted[1:len(quoted)-1]...)
			}
		}
		return line
	})
}

// Quote shows what was done with msg, and msg itself as %q has it: a peer's
// bytes never reach the terminal raw. It allocates nothing.
func (j *Journal) Quote(done string, msg []byte) {
	j.add(func(line []byte) []byte { return appendQuoted(line, done, msg) })
}

// QuoteFrom is Quote for messages that bring their senders along, as datagrams
// do. It allocates nothing either.
func (j *Journal) QuoteFrom(sender netip.AddrPort, done string, msg []byte) {
	j.add(func(line []byte) []byte { return appendQuoted(append(sender.AppendTo(line), ' '), done, msg) })
}

func appendQuoted(line []byte, done string, msg []byte) []byte {
	line = append(append(line, done...), ' ')
	return strconv.AppendQuote(line, unsafe.String(unsafe.SliceData(msg), len(msg))) // no copy: nobody keeps it
}

// add adds a line, the rest of which is appended by event.
func (j *Journal) add(event func(line []byte) []byte) {
	l := j.lines
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) >= limit {
		l.lost++
	} else {
		l.waiting = append(event(append(l.waiting, j.peer...)), '\n')
	}
	l.some.Signal()
}

// write writes lines to out as they come, until all that came before the closing
// are written.
func (l *lines) write(out io.Writer) {
	defer close(l.written)
	var batch []byte
	for {
		l.mu.Lock()
		for len(l.waiting) == 0 && l.lost == 0 && !l.closed {
			l.some.Wait()
		}
		batch, l.waiting = l.waiting, batch[:0]
		if l.lost > 0 {
			batch = fmt.Appendf(batch, "(%d lines left out: nobody read them in time)\n", l.lost)
			l.lost = 0
		}
		l.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		out.Write(batch)
	}
}

// Close waits until everything is written, at most a second. Call it once, when
// nobody shows any more.
func (j *Journal) Close() {
	if j.lines == nil {
		return
	}
	j.lines.mu.Lock()
	j.lines.closed = true
	j.lines.some.Signal()
	j.lines.mu.Unlock()
	select {
	case <-j.lines.written:
	case <-time.After(parting):
	}
}
