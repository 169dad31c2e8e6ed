package wire

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// maxPiece is how many bytes are read at once and written at once, so that
// smaller pieces stay as they were sent.
const maxPiece = 64 << 10

// A link is one client's connection to the server, in two halves. A pump for
// each side reads what that side sends.
type link struct {
	relay *Relay
	num   int
	ends  [2]*net.TCPConn // by side
	open  bool            // from its Connect to its RST; relay.showing guards it

	carried [2]int64 // by side: bytes since the latest CutAfter; relay.mu guards them

	mu     sync.Mutex
	ended  [2]bool // by side: its pump reads no more
	asked  [2]bool // by side: CloseWrite is to end what it sends
	passed [2]bool // by side: its FIN, real or made, has been passed on
	done   int     // pumps that have seen the FIN of their side
}

func (l *link) tell(events ...Event) bool { return l.relay.tell(l.num, &l.open, events...) }

// close ends both connections; errors say that they have ended.
func (l *link) close() {
	for _, end := range l.ends {
		end.Close()
	}
}

// reset tells events, which end the connection, and breaks both sides off.
func (l *link) reset(events ...Event) {
	if !l.tell(events...) {
		return // somebody was faster, and closes
	}
	for _, end := range l.ends {
		_ = end.SetLinger(0) // RST at Close; an error says that it has ended
	}
	l.close()
}

// closeWrite makes the pump of a side, which may be waiting for its next piece,
// end what that side sends. The pump sees to it after the piece in hand.
func (l *link) closeWrite(from Side) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ended[from] && !l.asked[from] {
		l.asked[from] = true
		_ = l.ends[from].SetReadDeadline(time.Now()) // an error says that it has ended
	}
}

// pump forwards what a side sends until its end, of which there are four:
//
//	Read says EOF              end passes the FIN on, or pass did when CloseWrite asked
//	Read says the side is gone reset tells of the side's RST
//	cutHere says RST           reset tells of the relay's
//	Write says the other is    gone leaves it to the other pump to tell, if it runs
//
// After an RST the link is closed, which the other pump's Read ends with.
func (l *link) pump(from Side) {
	in := l.ends[from]
	buf := make([]byte, maxPiece)
	made := false // the relay has made the side's FIN
	for {
		n, err := in.Read(buf)
		switch {
		case err == nil && made:
			l.tell(data(Lost, from, buf[:n]))
		case err == nil:
			crosses, cut := l.relay.cutHere(l, from, n)
			if crosses > 0 && !l.forward(from, buf[:crosses]) {
				return
			}
			switch cut {
			case RST:
				l.reset(data(Lost, from, buf[crosses:n]),
					Event{Kind: RST, From: Client, ByRelay: true}, Event{Kind: RST, From: Server, ByRelay: true})
				return
			case FIN:
				l.tell(data(Lost, from, buf[crosses:n]))
				l.closeWrite(from)
			}
		case errors.Is(err, os.ErrDeadlineExceeded): // set by closeWrite
			made = true
			_ = in.SetReadDeadline(time.Time{})
			if !l.pass(Event{Kind: FIN, From: from, ByRelay: true}) {
				return
			}
		case err == io.EOF:
			l.end(from, made)
			return
		default:
			l.reset(Event{Kind: RST, From: from})
			return
		}
	}
}

// forward passes a piece on and reports whether the side can go on sending.
func (l *link) forward(from Side, piece []byte) bool {
	if !l.tell(data(Data, from, piece)) {
		return false
	}
	if _, err := l.ends[from.other()].Write(piece); err != nil {
		l.gone(from.other())
		return false
	}
	return true
}

// gone is called by the other pump when a side takes no more: it has sent an RST.
// What it sent before that is still to be read, so its own pump tells, and only if
// that has ended the other one does. (Each pump may find the other's side gone:
// the one that is second tells.)
func (l *link) gone(side Side) {
	l.mu.Lock()
	l.ended[side.other()] = true
	tell := l.ended[side]
	l.mu.Unlock()
	if tell {
		l.reset(Event{Kind: RST, From: side})
	}
}

// pass tells of a side's FIN and passes it on.
func (l *link) pass(fin Event) bool {
	if !l.tell(fin) {
		return false
	}
	l.mu.Lock()
	l.passed[fin.From] = true
	l.mu.Unlock()
	_ = l.ends[fin.From.other()].CloseWrite() // an error says that it has ended, which its own pump tells
	return true
}

// end is what a pump does at EOF: it passes the FIN on, and keeps an eye on the
// side, whose kernel answers with an RST when the process is gone and more
// arrives. The second pump that comes here ends the connection.
func (l *link) end(from Side, made bool) {
	l.mu.Lock()
	l.ended[from] = true
	_ = l.ends[from].SetReadDeadline(time.Time{}) // closeWrite may have come a moment too late
	l.mu.Unlock()
	if l.dead(from, isReset) { // a failed Write can take the error away from Read, which makes EOF of it
		l.reset(Event{Kind: RST, From: from})
		return
	}
	if !made && !l.pass(Event{Kind: FIN, From: from}) {
		return
	}
	l.mu.Lock()
	l.done++
	both := l.done == 2
	l.mu.Unlock()
	if both {
		l.close()
	} else if l.dead(from, awaitReset) {
		l.reset(Event{Kind: RST, From: from})
	}
}

// dead reports whether a side that has sent its FIN has sent an RST. Once both
// have sent their FINs a connection ends without one.
func (l *link) dead(side Side, reset func(*net.TCPConn) bool) bool {
	if !reset(l.ends[side]) {
		return false
	}
	l.mu.Lock() // after reset: whoever has passed a FIN on later has not ended it before
	defer l.mu.Unlock()
	return !l.passed[side.other()]
}
