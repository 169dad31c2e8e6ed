package sticky

import (
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// exchanges are what a Client can do with a server.
var exchanges = map[string]func(*Client, net.Conn) error{
	"show":  func(c *Client, conn net.Conn) error { return c.Show(conn, io.Discard) },
	"count": func(c *Client, conn net.Conn) error { return c.Count(conn, strings.NewReader("3\n"), io.Discard) },
}

func TestAClientWaitsNoLongerThanItsTimeout(t *testing.T) {
	for exchange, talk := range exchanges {
		client, server := connected(t)
		err := talk(&Client{Timeout: 20 * time.Millisecond}, client)
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded, exchange)
		assert.ErrorContains(t, err, here(server)+" was silent for 20ms")
	}
	assert.Equal(t, 5*time.Second, new(Client).timeout())
}

func TestWhatTheClientCannotSendIsAnError(t *testing.T) {
	for exchange, talk := range exchanges {
		client, _ := connected(t)
		require.NoError(t, client.CloseWrite())
		assert.ErrorContains(t, talk(new(Client), client), "write tcp", exchange)
	}
}

func TestAFramingThatThereIsNotIsAnError(t *testing.T) {
	const says = `unknown framing "nonsense": choose header, prefix, line or fixed`
	for exchange, talk := range exchanges {
		client, _ := connected(t)
		assert.EqualError(t, talk(&Client{Framing: "nonsense"}, client), says, exchange)
	}
	server := serve(t, Server{Framing: "nonsense"})
	connect(t, server.addr)
	assert.Equal(t, []string{"connected", "dropped: " + says}, withoutPeer(server.shown.lines(t, 2)))
}

// The test is the server. It breaks off after the last byte.
func TestAClientThatHasSentAllWaitsForTheServerToClose(t *testing.T) {
	ln := listen(t)
	client := startGo(t, "client", "-framing", "prefix", "-addr", ln.Addr().String())
	server := asServer(t, ln)
	assert.Equal(t, messages, all(t, framed(t, "prefix", server)))
	reset(t, server)
	status, lines := client.exit(t)
	assert.Equal(t, 1, status)
	assert.Regexp(t, `^client: the server did not take everything: .*; the other side broke the connection off: look at its last lines$`,
		lines[len(lines)-1])
}

func TestAClientWithoutAnAnswerSaysSo(t *testing.T) {
	for timeout, says := range map[string]string{
		"1h":   "client: no answer: EOF; the other side has closed the connection: look at its last lines",
		"50ms": "was silent for 50ms: i/o timeout; -timeout sets how long to wait; perhaps the other side is waiting too",
	} {
		ln := listen(t)
		client := startGo(t, "client", "-exchange", "count", "-framing", "line", "-timeout", timeout, "-addr", ln.Addr().String())
		server := asServer(t, ln)
		client.typeLine(t, "3")
		msg, err := framed(t, "line", server).read()
		require.NoError(t, err)
		assert.Equal(t, "3", string(msg))
		if timeout == "1h" {
			require.NoError(t, server.Close())
		}
		status, lines := client.exit(t)
		assert.Equal(t, 1, status)
		assert.Contains(t, lines[len(lines)-1], says)
	}
}

func TestCtrlCEndsTheClientWithStatus0(t *testing.T) {
	ln := listen(t)
	client := startGo(t, "client", "-exchange", "count", "-addr", ln.Addr().String())
	client.line(t) // connected
	client.interrupt(t)
	status, rest := client.exit(t)
	assert.Zero(t, status)
	assert.Empty(t, rest)
}

func TestAMistakeInTheCallIsAnsweredWithALineAndStatus2(t *testing.T) {
	for call, says := range map[string]string{
		"server -framing none":       `server: invalid value "none" for flag -framing: choose header, prefix, line, fixed (-h lists the flags)`,
		"client -framing none":       `client: invalid value "none" for flag -framing: choose header, prefix, line, fixed (-h lists the flags)`,
		"server -exchange nonsense":  `server: invalid value "nonsense" for flag -exchange: choose show, count (-h lists the flags)`,
		"client -exchange nonsense":  `client: invalid value "nonsense" for flag -exchange: choose show, count (-h lists the flags)`,
		"server -max-clients 0":      `server: invalid value "0" for flag -max-clients: must be from 1 to 1000000 (-h lists the flags)`,
		"server -idle-timeout 0s":    `server: invalid value "0s" for flag -idle-timeout: must be more than 0 (-h lists the flags)`,
		"client -timeout 0s":         `client: invalid value "0s" for flag -timeout: must be more than 0 (-h lists the flags)`,
		"server -addr 127.0.0.1":     "server: listen tcp: address 127.0.0.1: missing port in address; an address is HOST:PORT with a port from 0 to 65535, like 127.0.0.1:8081",
		"client -addr 127.0.0.1":     "client: dial tcp: address 127.0.0.1: missing port in address; an address is HOST:PORT with a port from 0 to 65535, like 127.0.0.1:8081",
		"client unexpected argument": `client: unexpected argument "unexpected" (-h lists the flags)`,
	} {
		words := strings.Fields(call)
		status, lines := startGo(t, words[0], words[1:]...).exit(t)
		assert.Equal(t, 2, status, call)
		assert.Equal(t, []string{says}, lines)
	}
}
