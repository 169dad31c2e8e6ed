package loops

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAClientThatSendsHalfClosesAndThenReadsGetsEverything(t *testing.T) {
	for _, name := range []string{"upper_server.py", "upper_server", "concurrent_server", "server"} {
		t.Run(name, func(t *testing.T) {
			client := connect(t, startAt(t, name, "127.0.0.1:0").listening(t))
			text := patterned(50_000)
			send(t, client, text)
			require.NoError(t, client.CloseWrite()) // FIN: the server reads EOF after the last byte
			answer, err := io.ReadAll(client)       // and still writes
			require.NoError(t, err)
			assert.Equal(t, strings.ToUpper(text), string(answer))
			_, err = client.Write([]byte("more"))
			assert.Error(t, err, "this half is closed")
		})
	}
}

func TestHalfCloseSendsAllLinesAndShowsAllThatComesBack(t *testing.T) {
	w := tap(t, serve(t, Server{}).addr, 1)[0]
	client := startGo(t, "client", "-half-close", "-addr", w.addr)
	client.typeLine(t, "hello")
	assert.Contains(t, client.line(t), "connected: local ")
	assert.Equal(t, `received "HELLO\n"`, client.line(t)) // answered before the end
	client.typeLine(t, "")
	client.typeLine(t, patterned(5000))
	require.NoError(t, client.stdin.Close())
	status, _ := client.exit(t)
	assert.Zero(t, status)
	server, received := w.received(t)
	assert.Equal(t, "hello\n\n"+patterned(5000)+"\n", server)
	assert.Equal(t, "HELLO\n\n"+strings.ToUpper(patterned(5000))+"\n", received)
}

func TestWhoTypesSlowlyIsNotTakenForASilentServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, server := newDuplexPipe()
		go answer(server)
		in, typed := io.Pipe()
		go func() {
			<-time.After(time.Hour) // of the bubble's time
			io.WriteString(typed, "hello")
			typed.Close()
		}()
		var out bytes.Buffer
		require.NoError(t, new(Client).Pour(conn, in, &out))
		assert.Equal(t, "connected: local pipe, remote pipe\nreceived \"HELLO\"\n", out.String())
		_, err := conn.Read(make([]byte, 1))
		assert.ErrorIs(t, err, io.ErrClosedPipe, "Pour has closed conn")
	})
}

func TestTheLastAnswerHasItsWholeTimeHoweverLongTheTypingTook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, server := newDuplexPipe()
		go func() {
			defer server.Close()
			heard, _ := io.ReadAll(server)
			<-time.After(4 * time.Second)
			server.Write(heard)
		}()
		in, typed := io.Pipe()
		go func() {
			<-time.After(8 * time.Second) // 2 seconds before the client has waited twice 5
			io.WriteString(typed, "hello")
			typed.Close()
		}()
		var out bytes.Buffer
		require.NoError(t, new(Client).Pour(conn, in, &out))
		assert.Contains(t, out.String(), `received "hello"`)
	})
}

func TestWhatDoesNotComeBackAfterTheHalfCloseIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, server := newDuplexPipe()
		defer server.Close()
		go io.Copy(io.Discard, server) // hears all and answers nothing
		began := time.Now()
		err := new(Client).Pour(conn, strings.NewReader("hello"), io.Discard)
		assert.EqualError(t, err, "not everything came back: pipe was silent for 5s: i/o timeout")
		assert.LessOrEqual(t, time.Since(began), 10*time.Second, "a wait that began before the end of the input, and one after it")
	})
}

func TestAnInputThatBreaksOffIsAnErrorAfterAllHasComeBack(t *testing.T) {
	conn, server := newDuplexPipe()
	go func() {
		defer server.Close()
		io.Copy(server, server)
	}()
	in, typed := io.Pipe()
	go func() {
		io.WriteString(typed, "hello")
		typed.CloseWithError(io.ErrNoProgress)
	}()
	var out bytes.Buffer
	assert.ErrorIs(t, new(Client).Pour(conn, in, &out), io.ErrNoProgress)
	assert.Contains(t, out.String(), `received "hello"`)
}
