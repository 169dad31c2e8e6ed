package sticky

import (
	"context"
	"io"
	"net"
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
		"a browser":          {"GET / HTTP/1.1\r\n\r\n", nil, "dropped: the header is too long: 542393671 bytes"},
		"no JSON":            {headed("hello"), nil, "dropped: the header is not a JSON object: invalid character 'h' looking for beginning of value"},
		"half a header":      {headed("{}")[:5], (*net.TCPConn).CloseWrite, "dropped: unexpected EOF"},
		"nothing":            {"", (*net.TCPConn).CloseWrite, "closed its side: EOF"},
		"a reset":            {"", func(c *net.TCPConn) error { c.SetLinger(0); return c.Close() }, "broke the connection off: reset"},
		"a body past 1 MiB":  {headed(`{"file_name":"","file_size":1048577,"md5":""}`), nil, "dropped: the body is too long: 1048577 bytes"},
		"control characters": {headed(`{"file_name":"","file_size":1,"md5":"","\u001b[2J":1}`), nil, `dropped: the header has a key that is not known: "\x1b[2J"`},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, Server{Count: true})
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
	for _, framing := range []string{"line", "prefix", "fixed"} {
		server := serve(t, Server{})
		(&Client{Framing: framing}).Show(connect(t, server.addr), io.Discard) // which may fail or not: the server may have read on when it drops it
		assert.Equal(t, "connected", withoutPeer(server.shown.lines(t, 1))[0])
		assert.Contains(t, server.shown.line(t), " dropped: the header is too long: ")
	}
}

func TestTheZeroValuesSpeakInFramesWithAHeader(t *testing.T) {
	server := serve(t, Server{})
	conn, err := new(Client).Dial(server.addr)
	require.NoError(t, err)
	var out strings.Builder
	require.NoError(t, new(Client).Show(conn, &out))
	assert.ErrorIs(t, conn.SetDeadline(time.Now()), net.ErrClosed, "Show closes it")
	assert.Equal(t, "connected: local "+here(conn)+", remote "+server.addr+`
sent 3 bytes: "one"
sent 3 bytes: "two"
sent 5 bytes: "three"
sent 3000 bytes: "xxxxxxxxxxxxxxxxxxxx"..."xxxxxxxxxxxxxxxxxxxx"
`, out.String())
	assert.Equal(t, []string{
		here(conn) + " connected",
		here(conn) + ` received 3 bytes: "one"`,
		here(conn) + ` received 3 bytes: "two"`,
		here(conn) + ` received 5 bytes: "three"`,
		here(conn) + ` received 3000 bytes: "xxxxxxxxxxxxxxxxxxxx"..."xxxxxxxxxxxxxxxxxxxx"`,
		here(conn) + " closed its side: EOF",
	}, server.shown.lines(t, 6))
}

// The zero value's bounds, and that they are bounds of each client: 1000 at
// once, and 5 minutes of silence, which begin anew with each byte.
func TestNoMoreThan1000ClientsAreServedAtOnceAndNoneIsSilentForMoreThan5Minutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln, shown, stop := serveInBubble(Server{})
		began := time.Now()
		var clients []net.Conn
		for range 1001 {
			clients = append(clients, ln.dial())
		}
		synctest.Wait()
		assert.Len(t, shown, 1000, "so many have connected")
		<-time.After(4 * time.Minute) // of the bubble's time
		for _, client := range clients[:1000] {
			send(t, client, "\x4c")
		}
		for range 1000 {
			assert.Equal(t, "pipe connected", <-shown)
		}
		synctest.Wait()
		assert.Empty(t, shown)
		assert.Equal(t, "pipe dropped: pipe was silent for 5m0s: i/o timeout", <-shown)
		assert.Equal(t, 9*time.Minute, time.Since(began))
		for _, client := range clients {
			client.Close()
		}
		assert.NoError(t, stop())
	})
}

// Strangers that come and stay silent neither prolong another client's wait nor
// delay its answers: a deadline belongs to a client, not to the loop.
func TestStrangersThatKeepComingDelayNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln, shown, stop := serveInBubble(Server{Count: true, Framing: "line", IdleTimeout: 4 * time.Second})
		began := time.Now()
		silent := ln.dial()
		strangers := time.NewTicker(1500 * time.Millisecond)
		defer strangers.Stop()
		for time.Since(began) < 20*time.Second {
			<-strangers.C
			stranger := ln.dial()
			defer stranger.Close()
			asked := time.Now()
			client := ln.dial()
			ask(t, framed(t, "line", client), "3", "1 2 3")
			assert.Equal(t, asked, time.Now(), "at once")
			client.Close()
		}
		silent.Close()
		assert.NoError(t, stop())
		close(shown)
		dropped := 0
		for line := range shown {
			if line == "pipe dropped: pipe was silent for 4s: i/o timeout" {
				dropped++
			}
		}
		assert.Equal(t, 1+11, dropped, "each at its own time, and not the last three strangers")
	})
}

// A pipe holds nothing: the answer waits for somebody to take it.
func TestAClientThatTakesNoAnswerIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln, shown, stop := serveInBubble(Server{Count: true, Framing: "line"})
		client := ln.dial()
		send(t, client, "3\n")
		for _, event := range []string{"connected", `received 1 bytes: "3"`, "dropped: pipe took nothing for 5m0s: i/o timeout"} {
			assert.Equal(t, "pipe "+event, <-shown)
		}
		assert.NoError(t, stop())
		client.Close()
	})
}

// serveInBubble lets server serve pipes in a synctest bubble. The test has to
// call stop, which does what Ctrl-C does and returns what Serve returns.
func serveInBubble(server Server) (ln *pipeListener, show shown, stop func() error) {
	ln, show = newPipeListener(), make(shown, 10_000)
	server.Log = show
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, ln) }()
	<-show // listening on pipe
	return ln, show, func() error { cancel(); return <-served }
}

func TestTheBoundsOfTheProgramAreItsFlags(t *testing.T) {
	server := startGo(t, "server", "-max-clients", "1", "-idle-timeout", "20ms", "-addr", "127.0.0.1:0")
	addr := server.listening(t)
	first := connect(t, addr)
	second := connect(t, addr)
	for _, client := range []*net.TCPConn{first, second} {
		_, err := client.Read(make([]byte, 1))
		assert.ErrorIs(t, err, io.EOF)
	}
	assert.Equal(t, []string{
		here(first) + " connected", here(first) + " dropped: " + here(first) + " was silent for 20ms: i/o timeout",
		here(second) + " connected", here(second) + " dropped: " + here(second) + " was silent for 20ms: i/o timeout",
	}, server.nextLines(t, 4))
}

func TestAServerThatCanAcceptNoMoreSaysSoAfterItsClientsHaveLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := newPipeListener()
		served := make(chan error, 1)
		go func() { served <- new(Server).Serve(t.Context(), ln) }()
		client := ln.dial()
		ln.Close() // and it is nobody's wish
		synctest.Wait()
		assert.Empty(t, served, "a client is being served")
		client.Close()
		err := <-served
		assert.ErrorIs(t, err, net.ErrClosed)
		assert.ErrorContains(t, err, "cannot accept clients any more: ")
	})
}

func TestCtrlCLetsClientsInMidMessageFinish(t *testing.T) {
	server := startGo(t, "server", "-exchange", "count", "-framing", "line", "-addr", "127.0.0.1:0")
	addr := server.listening(t)
	client := connect(t, addr)
	ask(t, framed(t, "line", client), "3", "1 2 3")
	send(t, client, "5\n")
	server.interrupt(t)
	answer, err := io.ReadAll(client)
	require.NoError(t, err)
	assert.Equal(t, "1 2 3 4 5\n", string(answer))
	status, lines := server.exit(t)
	assert.Zero(t, status)
	assert.Equal(t, here(client)+" dropped: the server is stopping", lines[len(lines)-1])
	_, err = net.Dial("tcp", addr)
	assert.Error(t, err, "no new clients")
}

func TestAnAddressThatIsTakenIsAFailureOfTheServer(t *testing.T) {
	taken := listen(t).Addr().String()
	err := new(Server).ListenAndServe(t.Context(), taken)
	assert.ErrorContains(t, err, "listen tcp "+taken)
}

func TestALongMessageIsShownByItsBeginningAndItsEnd(t *testing.T) {
	for msg, line := range map[string]string{
		"":                            `received 0 bytes: ""`,
		"走了\r\n\x1b[2J\u202e\xff":     `received 16 bytes: "走了\r\n\x1b[2J\u202e\xff"`,
		xs(40):                        `received 40 bytes: "` + xs(40) + `"`,
		"begin" + xs(31) + "\x1b[2J!": `received 41 bytes: "beginxxxxxxxxxxxxxxx"..."xxxxxxxxxxxxxxx\x1b[2J!"`,
	} {
		assert.Equal(t, line, describe("received", []byte(msg)))
	}
}
