package remote

import (
	"cmp"
	"io"
	"net"
	"strconv"
	"sync"
	"unicode/utf8"
)

// A journal shows what happens on the server, a line per event and Write, to
// whoever reads out. Clients served at once share it.
type journal struct {
	mu  sync.Mutex
	out io.Writer
}

func newJournal(out io.Writer) *journal {
	if out == nil {
		out = io.Discard
	}
	return &journal{out: out}
}

func (j *journal) show(event string) { j.write([]byte(event + "\n")) }

func (j *journal) write(line []byte) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.out.Write(line) // the server serves on when nobody can see what it shows
}

// client returns the part of the journal in which each line starts with peer.
func (j *journal) client(peer net.Addr) *clientJournal {
	return &clientJournal{journal: j, peer: cmp.Or(peer.String(), "@") + " "}
}

// A clientJournal belongs to one handler. It keeps its line, so that showing a
// message allocates nothing.
type clientJournal struct {
	*journal
	peer string
	line []byte
}

func (j *clientJournal) show(event string) { j.journal.show(j.peer + event) }

// showMessage shows what was done with msg, and msg quoted.
func (j *clientJournal) showMessage(done string, msg []byte) {
	j.line = append(j.line[:0], j.peer...)
	j.line = append(append(j.line, done...), ' ')
	j.line = append(appendQuoted(j.line, msg), '\n')
	j.write(j.line)
}

// appendQuoted appends msg to line in quotes, so that a peer's bytes
// never reach the terminal raw.
func appendQuoted(line, msg []byte) []byte {
	line = append(line, '"')
	for len(msg) > 0 {
		r, size := utf8.DecodeRune(msg)
		switch {
		case r == '"' || r == '\\':
			line = append(line, '\\', msg[0])
		case r == '\n':
			line = append(line, '\\', 'n')
		case size > 1 && strconv.IsPrint(r), ' ' <= r && r <= '~':
			line = append(line, msg[:size]...)
		default: // a control character or no character: byte by byte
			for _, c := range msg[:size] {
				line = append(line, '\\', 'x', "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
			}
		}
		msg = msg[size:]
	}
	return append(line, '"')
}
