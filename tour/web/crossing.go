package web

import (
	"strings"
	"time"

	"example.com/gosockets/tour/wire"
)

// A crossing is a wire.Event as the page gets it.
type crossing struct {
	At      float64 `json:"at"`   // milliseconds
	Conn    int     `json:"conn"` // of the client
	Kind    string  `json:"kind"` // connect, first (of a UDP client), refused, data, fin, rst or lost
	From    string  `json:"from"` // client or server
	Data    []byte  `json:"data"` // base64 on its way; the beginning, when Size is more
	Size    int     `json:"size"`
	ByRelay bool    `json:"byRelay"`
	Local   string  `json:"local"`  // the client's address, of a connect
	Remote  string  `json:"remote"` // the address that the server sees
}

func newCrossing(e wire.Event) *crossing {
	c := &crossing{
		At:      float64(e.At) / float64(time.Millisecond),
		Conn:    e.Conn,
		Kind:    strings.ToLower(e.Kind.String()),
		From:    e.From.String(),
		Data:    e.Data,
		Size:    e.Size,
		ByRelay: e.ByRelay,
	}
	if e.Kind == wire.Connect {
		if e.UDP {
			c.Kind = "first"
		}
		c.Local, c.Remote = e.Local.String(), e.Remote.String()
	}
	return c
}
