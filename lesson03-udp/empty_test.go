package udp

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnEmptyDatagramIsAMessage(t *testing.T) {
	server, addr := bind(t)
	client, clientAddr := bind(t)
	say(t, client, "", addr)
	n, sender, err := server.ReadFromUDPAddrPort(make([]byte, 10))
	assert.NoError(t, err, "not io.EOF: nobody has left")
	assert.Zero(t, n)
	assert.Equal(t, clientAddr, sender, "somebody has sent it")
}

func TestAnEmptyDatagramIsAnsweredAndEndsNothing(t *testing.T) {
	for _, pair := range pairings {
		t.Run(pair.server+" server and "+pair.client+" client", func(t *testing.T) {
			server := startSide(t, pair.server, "server", "127.0.0.1:0")
			r := relayTo(t, server.listening(t), nil)
			client := startSide(t, pair.client, "client", r.addr.String())
			client.typeLine(t, "")
			empty := `received "" from ` + r.addr.String()
			if pair.client == "Python" {
				empty = pythonShows("", r.addr)
			}
			assert.Equal(t, empty, client.line(t))
			client.typeLine(t, "more")
			assert.Contains(t, client.line(t), "MORE")
			toServer, toClient := r.received()
			assert.Equal(t, []string{"", "more"}, toServer)
			assert.Equal(t, []string{"", "MORE"}, toClient)
		})
	}
}

func TestTheServerShowsAnEmptyDatagram(t *testing.T) {
	server := startGo(t, "server", "-addr", "127.0.0.1:0")
	client, clientAddr := bind(t)
	say(t, client, "", resolve(t, server.listening(t)))
	require.Equal(t, "", heard(t, client))
	assert.Equal(t, clientAddr.String()+` received ""`, server.line(t))
}

// pythonShows is the line of the Python client for an answer.
func pythonShows(answer string, from netip.AddrPort) string {
	return "b'" + answer + "' ('" + from.Addr().String() + "', " + portOf(from) + ")"
}
