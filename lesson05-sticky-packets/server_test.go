package sticky

import (
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each bad client comes while a good one is being served.
func TestABadClientDisturbsNoOther(t *testing.T) {
	for name, bad := range map[string]struct {
		stream string
		leave  func(*net.TCPConn) error
		shown  string
	}{
		"a negative length":  {lengthOf(-1), nil, "dropped: the header's length is negative: -1"},
		"a header of 2 GiB":  {lengthOf(1<<31 - 1), nil, "dropped: the header is too long: 2147483647 bytes"},
		"a browser":          {"GET / HTTP/1.1\r\n\r\n", nil, "dropped: the header is too long: 542393671 bytes"},
		"no JSON":            {headed("hello"), nil, "dropped: the header is not a JSON object: invalid character 'h' looking for beginning of value"},
		"half a header":      {headed("{}")[:5], (*net.TCPConn).CloseWrite, "dropped: unexpected EOF"},
		"nothing":            {"", (*net.TCPConn).CloseWrite, "closed its side: EOF"},
		"a reset":            {"", func(c *net.TCPConn) error { c.SetLinger(0); return c.Close() }, "broke the connection off: reset"},
		"a body past 1 MiB":  {headed(`{"file_name":"","file_size":1048577,"md5":""}`), nil, "dropped: the body is too long: 1048577 bytes"},
		"control characters": {headed(`{"file_name":"","file_size":1,"md5":"","\u001b[2J":1}`), nil, `dropped: the header has a key that is not known: "\x1b[2J"`},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, Server{Count: true, Framing: "header"})
			good := connect(t, server.addr)
			asking := framed(t, "header", good)
			ask(t, asking, "3", "1 2 3")
			assert.Equal(t, []string{here(good) + " connected", here(good) + ` received 1 bytes: "3"`}, server.shown.lines(t, 2))

			client := connect(t, server.addr)
			assert.Equal(t, here(client)+" connected", server.shown.line(t))
			peer := here(client)
			send(t, client, bad.stream)
			if bad.leave != nil {
				require.NoError(t, bad.leave(client))
			}
			assert.Equal(t, peer+" "+bad.shown, server.shown.line(t))
			ask(t, asking, "4", "1 2 3 4")
			next := connect(t, server.addr)
			ask(t, framed(t, "header", next), "5", "1 2 3 4 5")
		})
	}
}

func TestAClientInAnotherFramingIsDropped(t *testing.T) {
	for _, framing := range []string{"none", "line", "prefix", "fixed"} {
		t.Run(framing, func(t *testing.T) {
			server := startGo(t, "server", "-framing", "header", "-addr", "127.0.0.1:0")
			startGo(t, "client", "-framing", framing, "-addr", server.listening(t)).exit(t)
			assert.Contains(t, server.line(t), " connected")
			assert.Contains(t, server.line(t), " dropped: the header is too long: ")
		})
	}
}

// Whether the client sees the reset as it sends or as it waits, it says so.
func TestAClientWhoseServerBreaksOffSaysSo(t *testing.T) {
	ln := listen(t)
	client := startGo(t, "client", "-framing", "prefix", "-addr", ln.Addr().String())
	conn := asServer(t, ln)
	for range 5 { // connected, and what it has sent, so that it waits now
		client.line(t)
	}
	reset(t, conn)
	status, lines := client.exit(t)
	assert.Equal(t, 1, status)
	assert.Regexp(t, `^client: the server did not take everything: .*; the other side broke the connection off: look at its last lines$`,
		strings.Join(lines, "\n"))
}

func TestNoMoreThanMaxClientsAreServedAtOnceAndTheNextWaits(t *testing.T) {
	for most, server := range map[int]Server{2: {MaxClients: 2}, 1000: {}} {
		synctest.Test(t, func(t *testing.T) {
			serving := serveInBubble(server)
			clients := make([]net.Conn, most+1)
			for i := range clients {
				clients[i] = serving.dial()
			}
			synctest.Wait()
			assert.Len(t, serving.shown, most, "so many have connected")
			clients[0].Close()
			synctest.Wait()
			assert.Len(t, serving.shown, most+2, "one has closed, one has connected")
			for _, client := range clients {
				client.Close()
			}
			serving.stop(t)
		})
	}
}

func TestMaxClientsIsALimitOfTheProgramAndNobodyIsLost(t *testing.T) {
	server := startGo(t, "server", "-exchange", "count", "-framing", "line", "-max-clients", "1", "-addr", "127.0.0.1:0")
	addr := server.listening(t)
	var clients []*net.TCPConn
	for range 5 {
		client := connect(t, addr)
		send(t, client, "3\n")
		clients = append(clients, client)
	}
	for _, client := range clients {
		msg, err := framed(t, "line", client).read()
		require.NoError(t, err)
		assert.Equal(t, "1 2 3", string(msg))
		require.NoError(t, client.Close())
		assert.Equal(t, []string{
			here(client) + " connected", here(client) + ` received 1 bytes: "3"`, here(client) + " closed its side: EOF",
		}, server.nextLines(t, 3))
	}
}

func TestTheZeroValuesHaveNoFraming(t *testing.T) {
	server := serve(t, Server{})
	conn := connect(t, server.addr)
	var out strings.Builder
	require.NoError(t, new(Client).Show(conn, nil, &out))
	assert.ErrorIs(t, conn.SetDeadline(time.Now()), net.ErrClosed, "Show closes it")
	var joined strings.Builder
	for _, event := range withoutPeer(server.shown.lines(t, 3)) {
		joined.WriteString(event + "\n")
	}
	assert.Contains(t, joined.String(), "connected\nreceived ")
	assert.Contains(t, out.String(), "connected: local "+here(conn)+", remote "+server.addr+"\n"+demonstrationSent[0]+"\n")
}

func TestAFramingThatThereIsNotIsAnError(t *testing.T) {
	const says = `unknown framing "nonsense": choose none, header, prefix, line or fixed`
	server := serve(t, Server{Framing: "nonsense"})
	client := Client{Framing: "nonsense"}
	assert.EqualError(t, client.Show(connect(t, server.addr), nil, new(strings.Builder)), says)
	assert.EqualError(t, client.Count(connect(t, server.addr), strings.NewReader(""), new(strings.Builder)), says)
	server.shown.line(t)
	assert.Contains(t, server.shown.line(t)+server.shown.line(t), "dropped: "+says)
}

func TestWhatTheClientCannotSendIsAnError(t *testing.T) {
	for exchange, talk := range map[string]func(net.Conn) error{
		"show":  func(conn net.Conn) error { return new(Client).Show(conn, nil, io.Discard) },
		"count": func(conn net.Conn) error { return new(Client).Count(conn, strings.NewReader("3\n"), io.Discard) },
	} {
		client, _ := connected(t)
		require.NoError(t, client.CloseWrite())
		assert.ErrorContains(t, talk(client), "write tcp", exchange)
	}
	client, server := connected(t)
	require.NoError(t, server.CloseWrite())
	beside, err := net.Dial("udp", here(server))
	require.NoError(t, err)
	require.NoError(t, beside.Close())
	assert.ErrorIs(t, new(Client).Show(client, beside, io.Discard), net.ErrClosed)
}

// The test is the server. It breaks off after the last byte.
func TestAClientThatHasSentAllWaitsForTheServerToClose(t *testing.T) {
	for name, with := range map[string]bool{"TCP alone": false, "UDP beside": true} {
		t.Run(name, func(t *testing.T) {
			client, server := connected(t)
			var beside net.Conn
			if with {
				hearing, err := net.ListenPacket("udp", "127.0.0.1:0")
				require.NoError(t, err)
				defer hearing.Close()
				beside, err = net.Dial("udp", hearing.LocalAddr().String())
				require.NoError(t, err)
				defer beside.Close()
			}
			shown := make(chan error, 1)
			go func() { shown <- new(Client).Show(client, beside, io.Discard) }()
			sent, err := io.ReadAll(server)
			require.NoError(t, err)
			assert.Equal(t, strings.Join(messages, ""), string(sent))
			reset(t, server)
			assert.ErrorIs(t, <-shown, errConnReset)
		})
	}
}

// The test is the server.
func TestAClientWaitsNoLongerThanItsTimeout(t *testing.T) {
	for exchange, talk := range map[string]func(*Client, net.Conn) error{
		"show": func(c *Client, conn net.Conn) error { return c.Show(conn, nil, new(strings.Builder)) },
		"count": func(c *Client, conn net.Conn) error {
			return c.Count(conn, strings.NewReader("3\n"), new(strings.Builder))
		},
	} {
		client, server := connected(t)
		err := talk(&Client{Timeout: 20 * time.Millisecond}, client)
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded, exchange)
		assert.ErrorContains(t, err, here(server)+" was silent for 20ms")
	}
	assert.Equal(t, 5*time.Second, new(Client).timeout())
}
