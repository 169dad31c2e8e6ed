package transfer

import (
	"io"
	"net"
	"sync"
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
	return &clientJournal{journal: j, peer: peer.String() + " "}
}

type clientJournal struct {
	*journal
	peer string
}

func (j *clientJournal) show(event string) { j.journal.show(j.peer + event) }
