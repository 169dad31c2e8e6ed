package basictcp

import (
	"errors"
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

// Claim 7: a server may speak first; when both sides wait to read first nothing
// ever happens, which a timeout turns into an error.

func TestAServerMaySpeakFirst(t *testing.T) {
	for _, language := range []string{"Go", "Python"} {
		server := startSide(t, language, "greet", "server", "127.0.0.1:0")
		conn := dial(t, server.listening(t))
		assert.Equal(t, "byebye", read(t, conn, 100), "nothing has been typed yet")
		write(t, conn, "hihi\r\n") // what telnet sends for a line and Enter
		status, lines := server.exit(t)
		assert.Zero(t, status)
		assert.Contains(t, strings.Join(lines, "\n"), "hihi")
	}
}

func TestWhenBothSidesWaitNothingEverHappensUntilATimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // a bubble with a clock of its own: five minutes pass at once
		server, client := net.Pipe()
		defer server.Close()
		defer client.Close()
		began := time.Now()
		errs := make(chan error, 2)
		go func() { errs <- serveUpper(limit(server, 5*time.Minute), nil, io.Discard) }()
		go func() { errs <- callGreet(limit(client, 5*time.Minute), nil, io.Discard) }()
		for range 2 {
			err := <-errs
			assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
			assert.EqualError(t, err, "nothing received from pipe: pipe was silent for 5m0s: i/o timeout", "pipe is the peer's address")
		}
		assert.Equal(t, 5*time.Minute, time.Since(began), "nothing came earlier")
	})
}

func TestAPeerThatTakesNothingIsAnErrorToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, client := net.Pipe() // takes a byte only when the other end reads it
		defer server.Close()
		defer client.Close()
		began := time.Now()
		err := callUpper(limit(client, time.Minute), nil, io.Discard)
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
		assert.EqualError(t, err, "cannot send to pipe: pipe took nothing for 1m0s: i/o timeout")
		assert.Equal(t, time.Minute, time.Since(began))
	})
}

func TestTheTimeoutStartsAnewWithEveryWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, client := net.Pipe()
		defer server.Close()
		defer client.Close()
		late := make(chan error, 1)
		go func() { // each of its two steps comes a second before the time is up
			<-time.After(59 * time.Second)
			_, err := client.Write([]byte("hihi"))
			<-time.After(59 * time.Second)
			_, readErr := client.Read(make([]byte, 100))
			late <- errors.Join(err, readErr)
		}()
		assert.NoError(t, serveUpper(limit(server, time.Minute), nil, io.Discard))
		assert.NoError(t, <-late)
	})
}

func TestTheProgramsNameTheTimeAndTheAddressOfASilentPeer(t *testing.T) {
	ln := listen(t)                                                               // the kernel connects its clients, and nobody ever speaks
	client := startGo(t, "client", "-addr", ln.Addr().String(), "-timeout", "1s") // which is for connecting too
	status, lines := client.exit(t)
	assert.Equal(t, 1, status)
	assert.Contains(t, lines[len(lines)-1], ln.Addr().String()+" was silent for 1s")

	server := startGo(t, "server", "-addr", "127.0.0.1:0", "-timeout", "50ms")
	conn := dial(t, server.listening(t))
	status, lines = server.exit(t)
	assert.Equal(t, 1, status)
	assert.Contains(t, lines[len(lines)-1], conn.LocalAddr().String()+" was silent for 50ms")
}

// D19, for a client that never speaks.
func TestASilentClientHoldsThePythonServerAndNotTheGoServer(t *testing.T) {
	python := startPython(t, "upper_server.py", "127.0.0.1:0")
	held := dial(t, python.listening(t)) // and says nothing
	python.line(t)
	python.line(t) // both about the client: the server has accepted it

	server := startGo(t, "server", "-addr", "127.0.0.1:0", "-timeout", "50ms")
	dial(t, server.listening(t)) // and says nothing
	status, _ := server.exit(t)
	require.Equal(t, 1, status, "the Go server has given up")

	assert.Empty(t, python.lines, "the Python server has not: it still waits,")
	write(t, held, "at last")
	assert.Equal(t, "AT LAST", read(t, held, 100), "for as long as the client likes")
}
