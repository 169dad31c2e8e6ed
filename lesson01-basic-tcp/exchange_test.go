package basictcp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What each side of each exchange says and shows, and what becomes of it when
// the other side leaves.

func TestBothSidesShowWhatTheySendAndReceive(t *testing.T) {
	for name, shown := range map[string]struct{ server, client string }{
		"upper": {"received \"hello\"\nsent \"HELLO\"\n", "sent \"hello\"\nreceived \"HELLO\"\n"},
		"hello": {"received \"Hello Server!\"\nsent \"Hello,client!\"\n", "sent \"Hello Server!\"\nreceived \"Hello,client!\"\n"},
		"greet": {"sent \"byebye\"\nreceived \"hihi\"\n", "received \"byebye\"\nsent \"hihi\"\n"},
		"ask":   {"received \"在吗\"\nsent \"收到了\"\n", "sent \"在吗\"\nreceived \"收到了\"\n"},
	} {
		t.Run(name, func(t *testing.T) {
			server, client := connect(t)
			connected := fmt.Sprintf("connected: local %v, remote %v\n", client.LocalAddr(), client.RemoteAddr())
			var atServer, atClient strings.Builder
			served := make(chan error, 1)
			go func() { served <- Exchanges[name].Server(server, strings.NewReader("收到了\n"), &atServer) }()
			require.NoError(t, Call(client, Exchanges[name], patience, strings.NewReader("在吗\n"), &atClient))
			require.NoError(t, <-served)
			assert.Equal(t, shown.server, atServer.String())
			assert.Equal(t, connected+shown.client, atClient.String())
			assert.ErrorIs(t, client.SetDeadline(time.Time{}), net.ErrClosed, "Call closes the connection")
		})
	}
}

func TestBytesFromThePeerAreShownQuoted(t *testing.T) {
	server, client := connect(t)
	write(t, client, "\x1b[2J\n\xff")
	var out strings.Builder
	_, err := receive(server, 100, &out)
	require.NoError(t, err)
	assert.Equal(t, `received "\x1b[2J\n\xff"`+"\n", out.String(), "none of them reaches the terminal")
}

func TestTheDefaultAddressesAreTheOriginals(t *testing.T) {
	for name, want := range map[string]string{
		"upper": "127.0.0.1:8081", "hello": "127.0.0.1:12345", "greet": "127.0.0.1:31500", "ask": "127.0.0.1:8000",
	} {
		exchange, addr, err := Choose(name, "tcp", "")
		require.NoError(t, err)
		assert.Equal(t, want, addr)
		assert.NotNil(t, exchange.Server)
		_, addr, err = Choose(name, "unix", "path")
		require.NoError(t, err)
		assert.Equal(t, "path", addr, "one that is given counts")
	}
	assert.Len(t, Exchanges, 4)
}

// sides are the places where one side waits for a peer. The peer says its lines,
// hears as many messages, and closes.
var sides = []struct {
	exchange, side string
	says           string // before it closes
	hears          int    // messages, before it closes
	complete       bool   // the side had all it waited for, and cannot tell
}{
	{exchange: "upper", side: "server"},
	{exchange: "upper", side: "server", says: "hello", complete: true},
	{exchange: "upper", side: "client", hears: 1},
	{exchange: "hello", side: "server"},
	{exchange: "hello", side: "server", says: "hello", complete: true},
	{exchange: "hello", side: "client", hears: 1},
	{exchange: "greet", side: "server", hears: 1},
	{exchange: "greet", side: "client"},
	{exchange: "greet", side: "client", says: "byebye", complete: true},
	{exchange: "ask", side: "server"},
	{exchange: "ask", side: "server", says: "hello", complete: true},
	{exchange: "ask", side: "client", hears: 1},
}

func TestAPeerThatClosesAtAnyPointIsAnErrorThatWrapsEOF(t *testing.T) {
	for _, c := range sides {
		conn, peer := connect(t)
		run := Exchanges[c.exchange].Server
		if c.side == "client" {
			run = Exchanges[c.exchange].Client
		}
		ended := make(chan error, 1)
		go func() { ended <- run(conn, strings.NewReader("typed\n"), io.Discard) }()
		for range c.hears {
			read(t, peer, 1024)
		}
		write(t, peer, c.says)
		require.NoError(t, peer.CloseWrite())
		err := <-ended
		if c.complete {
			assert.NoError(t, err, "%+v", c)
			continue
		}
		assert.ErrorIs(t, err, io.EOF, "%+v", c)
		assert.ErrorContains(t, err, "nothing received from "+peer.LocalAddr().String(), "%+v", c)
	}
}

func TestNothingIsSentOverAClosedConnection(t *testing.T) {
	for name, exchange := range Exchanges {
		for side, run := range map[string]func(net.Conn, io.Reader, io.Writer) error{"server": exchange.Server, "client": exchange.Client} {
			_, conn := connect(t)
			require.NoError(t, conn.Close())
			var out strings.Builder
			assert.ErrorIs(t, run(conn, strings.NewReader("typed\n"), &out), net.ErrClosed, "%s %s", name, side)
			assert.Empty(t, out.String(), "%s %s", name, side)
		}
	}
}

func TestAReplyThatCannotBeSentIsAnError(t *testing.T) {
	for name, exchange := range Exchanges {
		if name != "greet" { // its server sends first
			server, client := net.Pipe()
			ended := make(chan error, 1)
			go func() { ended <- exchange.Server(server, strings.NewReader("typed\n"), io.Discard) }()
			write(t, client, "hello")
			require.NoError(t, client.Close()) // a pipe, unlike TCP, tells the writer at once
			assert.ErrorIs(t, <-ended, io.ErrClosedPipe, name)
		}
	}
	server, client := net.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- callGreet(client, nil, io.Discard) }()
	write(t, server, "byebye")
	require.NoError(t, server.Close())
	assert.EqualError(t, <-ended, "cannot send to pipe: "+io.ErrClosedPipe.Error())
}

func TestAnEmptyLineIsPassedOver(t *testing.T) {
	for typed, want := range map[string]string{"\n\r\n\nhello\nmore\n": "hello", "x\r\n": "x", "no newline": "no newline", "  \n": "  "} {
		msg, err := readMessage(strings.NewReader(typed))
		require.NoError(t, err)
		assert.Equal(t, want, string(msg))
	}
}

func TestALineOf1024BytesPassesAndALongerOneIsRefused(t *testing.T) {
	msg, err := readMessage(strings.NewReader(strings.Repeat("x", 1024) + "\n"))
	require.NoError(t, err)
	assert.Len(t, msg, 1024)
	_, err = readMessage(strings.NewReader(strings.Repeat("走", 1025/3) + "xx\n"))
	assert.EqualError(t, err, "cannot send 1025 bytes: a message has at most 1024")
	_, err = readMessage(strings.NewReader(strings.Repeat("x", 1<<20)))
	assert.ErrorIs(t, err, bufio.ErrTooLong)
	assert.EqualError(t, err, "cannot send that much: a message has at most 1024 bytes: "+bufio.ErrTooLong.Error())
}

func TestTheEndOfInputEndsAnExchangeWithoutAnError(t *testing.T) {
	for _, typed := range []string{"", "\n\n"} {
		server, client := connect(t)
		require.NoError(t, callAsk(client, strings.NewReader(typed), io.Discard))
		write(t, client, "question")
		require.NoError(t, serveAsk(server, strings.NewReader(typed), io.Discard))
	}
}

func TestInputThatCannotBeReadIsAnError(t *testing.T) {
	broken := errors.New("broken")
	server, client := connect(t)
	assert.ErrorIs(t, callAsk(client, iotest.ErrReader(broken), io.Discard), broken)
	write(t, client, "question")
	assert.ErrorIs(t, serveAsk(server, iotest.ErrReader(broken), io.Discard), broken)
}
