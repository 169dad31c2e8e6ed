package wire

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAnEventIsALine(t *testing.T) {
	a := strings.Repeat("a", 39)
	for line, e := range map[string]Event{
		"client 1 connects (the server sees it as 127.0.0.1:60001)":                 {Conn: 1, Kind: Connect, Remote: netip.MustParseAddrPort("127.0.0.1:60001")},
		"client 2 sends for the first time (the server sees it as 127.0.0.1:60001)": {Conn: 2, Kind: Connect, UDP: true, Remote: netip.MustParseAddrPort("127.0.0.1:60001")},
		"client 2 is refused":                                {Conn: 2, Kind: Refused, From: Server},
		`client 1 → server, 5 bytes "hello"`:                 data(Data, Client, []byte("hello")),
		`server → client 1, 1 byte "x"`:                      data(Data, Server, []byte("x")),
		`server → client 1, 0 bytes ""`:                      data(Data, Server, nil),
		`client 1 → server, 5 bytes "hello", lost`:           data(Lost, Client, []byte("hello")),
		`client 1 → server, FIN`:                             {Kind: FIN, From: Client},
		`server → client 1, FIN, by the relay`:               {Kind: FIN, From: Server, ByRelay: true},
		`server → client 1, RST`:                             {Kind: RST, From: Server},
		`client 1 → server, RST, by the relay`:               {Kind: RST, From: Client, ByRelay: true},
		`client 1 → server, 9 bytes "中文\n\x1b\""`:            data(Data, Client, []byte("中文\n\x1b\"")),
		`client 1 → server, 4 bytes "\u202e\xff"`:            data(Data, Client, []byte("\u202e\xff")),
		`client 1 → server, 40 bytes "` + a + `b"`:           data(Data, Client, []byte(a+"b")),
		`client 1 → server, 41 bytes "` + a + `b"…`:          data(Data, Client, []byte(a+"bc")),
		`client 1 → server, 42 bytes "` + a + `"…`:           data(Data, Client, []byte(a+"中")),
		`client 1 → server, 41 bytes "` + a + `\xe4"…`:       data(Data, Client, []byte(a+"\xe4\xb8")),
		`client 1 → server, 41 bytes "` + a + `\xe4"…, lost`: data(Lost, Client, []byte(a+"\xe4\xb8")),
		`server → client 1, 2000 bytes "` + a + `a"…`:        data(Data, Server, []byte(strings.Repeat("a", 2000))),
	} {
		if e.Conn == 0 {
			e.Conn = 1
		}
		assert.Equal(t, line, e.String())
	}
}

func TestAnEventHasNoMoreThanTheFirstBytesAndTheyAreItsOwn(t *testing.T) {
	piece := []byte(strings.Repeat("a", shown+1))
	e := data(Data, Client, piece)
	piece[0] = 'b'
	assert.Equal(t, strings.Repeat("a", shown), string(e.Data))
	assert.Equal(t, shown+1, e.Size)
}

func TestSidesAndKindsHaveNames(t *testing.T) {
	assert.Equal(t, "client", Client.String())
	assert.Equal(t, "server", Server.String())
	var kinds []string
	for kind := Connect; kind <= Lost; kind++ {
		kinds = append(kinds, kind.String())
	}
	assert.Equal(t, []string{"connect", "refused", "data", "FIN", "RST", "lost"}, kinds)
}
