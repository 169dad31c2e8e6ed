package udp

import (
	"io"
	"net/netip"
	"strconv"
	"unicode/utf8"
)

// A journal shows what happens on the server, a line per event and Write. It
// keeps its line, so that showing a message allocates nothing.
type journal struct {
	out  io.Writer
	line []byte
}

func newJournal(out io.Writer) *journal {
	if out == nil {
		out = io.Discard
	}
	return &journal{out: out}
}

func (j *journal) show(event string) {
	io.WriteString(j.out, event+"\n") // the server serves on when nobody can see what it shows
}

// showMessage shows who sent msg, msg quoted, and whether it is all there was.
func (j *journal) showMessage(sender netip.AddrPort, msg []byte, cut bool) {
	j.line = sender.AppendTo(j.line[:0])
	j.line = append(j.line, " received "...)
	j.line = appendQuoted(j.line, msg)
	if cut {
		j.line = append(j.line, ", cut: the datagram was longer than the buffer"...)
	}
	j.line = append(j.line, '\n')
	j.out.Write(j.line)
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
