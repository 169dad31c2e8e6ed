package loops

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patterned is a text in which no two places look alike for long.
func patterned(size int) string {
	text := make([]byte, 0, size+16)
	for len(text) < size {
		text = append(text, "line of the text "...)
		text = append(text, byte('a'+len(text)%26), byte('a'+len(text)/26%26), byte('a'+len(text)/676%26))
	}
	return string(text[:size])
}

func TestALineLongerThanTheBufferComesBackWhole(t *testing.T) {
	line := patterned(5000)
	for _, name := range []string{"upper_server.py", "upper_server", "server"} {
		t.Run(name, func(t *testing.T) {
			client := startAt(t, "client", startAt(t, name, "127.0.0.1:0").listening(t))
			client.typeLine(t, line)
			client.typeLine(t, "next")
			require.NoError(t, client.stdin.Close())
			status, lines := client.exit(t)
			assert.Zero(t, status)
			assert.Equal(t, []string{`received "` + strings.ToUpper(line) + `"`, `received "NEXT"`}, lines[1:])
		})
	}
}

// The other end of a pipe decides how much of the answer one read gets.
func TestAnAnswerInPiecesIsReadToItsEnd(t *testing.T) {
	conn, server := net.Pipe()
	go func() {
		defer server.Close()
		io.ReadFull(server, make([]byte, 5))
		for _, piece := range []string{"H", "EL", "LO"} {
			server.Write([]byte(piece))
		}
	}()
	var out bytes.Buffer
	assert.NoError(t, new(Client).Talk(conn, strings.NewReader("hello\n"), &out))
	assert.Equal(t, "connected: local pipe, remote pipe\nreceived \"HELLO\"\n", out.String(), "one Read is one piece, and the answer is all of them")
}

// These clients take one read of at most 1024 bytes for the answer, so that the
// rest of it is shown as the answer to the next line. The test is the server, so
// that the answer is there in one piece.
func TestAClientThatReadsOnceShowsTheRestOfALongAnswerAsTheNextOne(t *testing.T) {
	for _, name := range []string{"upper_client.py", "upper_client"} {
		t.Run(name, func(t *testing.T) {
			ln := listen(t)
			client := startAt(t, name, ln.Addr().String())
			conn := asServer(t, ln)
			next := func() (line string) { // without "=== has sent ===" and the like
				for line = client.line(t); strings.HasPrefix(line, "==="); {
					line = client.line(t)
				}
				return line
			}
			client.typeLine(t, strings.Repeat("a", 1500))
			require.NoError(t, discard(conn, 1500))
			send(t, conn, strings.Repeat("A", 1024)+strings.Repeat("B", 476))
			assert.Equal(t, strings.Repeat("A", 1024), strings.Trim(next(), `b"'`))
			client.typeLine(t, "next")
			require.NoError(t, discard(conn, 4)) // and not a byte is answered
			assert.Equal(t, strings.Repeat("B", 476), strings.Trim(next(), `b"'`))
		})
	}
}

func discard(conn net.Conn, count int64) error {
	_, err := io.CopyN(io.Discard, conn, count)
	return err
}

func TestALineOf1MiBIsTheLongestThatCanBeSent(t *testing.T) {
	longest := patterned(1 << 20)
	for _, end := range []string{"", "\n"} {
		conn := connect(t, serve(t, Server{Log: io.Discard}).addr)
		var out bytes.Buffer
		require.NoError(t, new(Client).Talk(conn, strings.NewReader(longest+end), &out))
		assert.True(t, strings.HasSuffix(out.String(), `received "`+strings.ToUpper(longest)+"\"\n"), "the answer is whole")

		conn = connect(t, serve(t, Server{Log: io.Discard}).addr)
		out.Reset()
		err := new(Client).Talk(conn, strings.NewReader("first\n"+longest+"x"+end), &out)
		assert.ErrorIs(t, err, bufio.ErrTooLong)
		assert.ErrorContains(t, err, "cannot send that line: a line has at most 1048576 bytes")
		assert.Contains(t, out.String(), `received "FIRST"`)
	}
}

func TestAnInputThatCannotBeReadIsAnError(t *testing.T) {
	conn := connect(t, serve(t, Server{}).addr)
	broken := errors.New("the keyboard is gone")
	assert.ErrorIs(t, new(Client).Talk(conn, iotest.ErrReader(broken), io.Discard), broken)
}

// A pipe holds nothing, as a connection does once its buffers are full. What the
// bubble's Wait leaves standing would stand for ever.
func TestTwoSidesThatBothOnlyWriteWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(Server{})
		naive := server.dial()
		written := make(chan error, 1)
		go func() {
			_, err := naive.Write([]byte(patterned(2048))) // the server answers the first half and waits for a reader
			written <- err
		}()
		synctest.Wait()
		assert.Empty(t, written, "the client is still writing")
		require.NoError(t, discard(naive, 2048)) // somebody reads: both get on
		assert.NoError(t, <-written)
		naive.Close()
		server.stop(t)
		text := patterned(2048)
		server.shown.next(t, "pipe connected", `pipe received "`+text[:1024]+`"`, `pipe received "`+text[1024:]+`"`)
	})
}

func TestTheClientReadsWhileItWritesSoThatNeitherSideWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(Server{})
		var out bytes.Buffer
		began := time.Now()
		require.NoError(t, new(Client).Talk(server.dial(), strings.NewReader(patterned(100_000)), &out))
		assert.Contains(t, out.String(), strings.ToUpper(patterned(100_000)))
		assert.Zero(t, time.Since(began), "nobody has waited for a deadline")
		server.stop(t)
	})
}

func TestASlowServerHasItsTimeForEachPiece(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, server := net.Pipe()
		go func() { // takes 10 bytes and answers them, every 3 seconds
			defer server.Close()
			buf := make([]byte, 10)
			for range 10 {
				<-time.After(3 * time.Second) // of the bubble's time
				io.ReadFull(server, buf)
				server.Write(bytes.ToUpper(buf))
			}
		}()
		began := time.Now()
		assert.NoError(t, (&Client{Timeout: 5 * time.Second}).Talk(conn, strings.NewReader(patterned(100)), io.Discard))
		assert.Equal(t, 30*time.Second, time.Since(began))
	})
}

func TestASilentServerEndsTheWaitInAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, server := net.Pipe()
		go bitByBit(3*time.Second, server.Read) // takes what is sent, and answers nothing
		began := time.Now()
		err := new(Client).Talk(conn, strings.NewReader("hello\n"), io.Discard)
		assert.ErrorContains(t, err, "received 0 bytes of an answer of 5: pipe was silent for 5s: i/o timeout")
		assert.Equal(t, 5*time.Second, time.Since(began))
		pass(time.Minute) // until the server has noticed
	})
}
