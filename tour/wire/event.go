package wire

import (
	"fmt"
	"net/netip"
	"strconv"
	"time"
	"unicode/utf8"
)

// A Side is one end of the wire.
type Side int

// The two ends of the wire.
const (
	Client Side = iota
	Server
)

// String returns "client" or "server".
func (s Side) String() string {
	if s == Client {
		return "client"
	}
	return "server"
}

func (s Side) other() Side { return 1 - s }

// A Kind says what has happened.
type Kind int

// What can happen on the wire.
const (
	Connect Kind = iota // a client has connected, and the server's kernel has accepted it; UDP: the first datagram of an address
	Refused             // the server has not accepted: TCP resets the client, UDP cannot tell it
	Data                // bytes that the other side is about to get; UDP: one datagram, which may be empty
	FIN                 // a side sends no more
	RST                 // a side has broken the connection off: the last event of a connection
	Lost                // bytes or a datagram that the relay has thrown away because it was asked to
)

// String returns a word for the kind: "connect", "refused", "data", "FIN",
// "RST" or "lost".
func (k Kind) String() string {
	return [...]string{"connect", "refused", "data", "FIN", "RST", "lost"}[k]
}

// shown is how many bytes of a piece an Event carries at most.
const shown = 1024

// An Event is one thing that has happened on the wire.
type Event struct {
	At      time.Duration // since the relay was started; never less than that of the event before
	Conn    int           // 1, 2, … in the order in which clients came
	Kind    Kind
	From    Side   // who did it; Connect: Client, Refused: Server
	Data    []byte // Data and Lost: the first 1024 bytes at most; a copy, which the receiver may keep
	Size    int    // Data and Lost: how many bytes there are
	ByRelay bool   // the relay did it itself because it was asked to
	UDP     bool   // Connect: nobody has connected, but an address has sent its first datagram

	// Connect and Refused: the client's own address. Connect: the address from
	// which the relay talks to the server, which takes it for the client's.
	Local, Remote netip.AddrPort
}

// String returns the event as a line for a terminal, without its time. Of the
// data it has no more than the first 40 bytes, quoted as in Go.
func (e Event) String() string {
	client := fmt.Sprintf("client %d", e.Conn)
	way := client + " → server, "
	if e.From == Server {
		way = "server → " + client + ", "
	}
	switch e.Kind {
	case Connect:
		verb := "connects"
		if e.UDP {
			verb = "sends for the first time"
		}
		return fmt.Sprintf("%s %s (the server sees it as %v)", client, verb, e.Remote)
	case Refused:
		return client + " is refused"
	case Data:
		return way + e.quoted()
	case Lost:
		return way + e.quoted() + ", lost"
	}
	if e.ByRelay {
		return way + e.Kind.String() + ", by the relay"
	}
	return way + e.Kind.String()
}

const maxQuoted = 40 // bytes

// quoted returns the size of the data and its beginning, which ends before a
// character that would be cut.
func (e Event) quoted() string {
	text, unit := e.Data, "bytes"
	if e.Size == 1 {
		unit = "byte"
	}
	if len(text) > maxQuoted {
		end := 0
		for end < maxQuoted { // whole characters; what is none counts byte by byte
			_, size := utf8.DecodeRune(text[end:])
			if end+size > maxQuoted {
				break
			}
			end += size
		}
		text = text[:end]
	}
	if len(text) < e.Size {
		return fmt.Sprintf("%d %s %s…", e.Size, unit, strconv.Quote(string(text)))
	}
	return fmt.Sprintf("%d %s %s", e.Size, unit, strconv.Quote(string(text)))
}
