package remote

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatAPeerSendsNeverReachesTheTerminalRaw(t *testing.T) {
	for msg, line := range map[string]string{
		"hello":                `"hello"`,
		"\u8d70\u4e86":         `"走了"`,
		"a \"quote\" and \\":   `"a \"quote\" and \\"`,
		"two\nlines\r\tand":    `"two\nlines\x0d\x09and"`,
		"\x1b[2Jcleared":       `"\x1b[2Jcleared"`,      // would clear the screen
		"\u009b31mred":         `"\xc2\x9b31mred"`,      // the same in one character
		"\u202egnp.exe":        `"\xe2\x80\xaegnp.exe"`, // would turn the text around
		"\u8d70"[:2] + "\x7f~": `"\xe8\xb5\x7f~"`,       // no character, and one that is not to be seen
		"\x00 \xff":            `"\x00 \xff"`,
	} {
		assert.Equal(t, line, string(appendQuoted(nil, []byte(msg))))
	}
}

func TestEachRunIsShownWithItsPeer(t *testing.T) {
	server := serve(t, Server{})
	conn := connect(t, server.addr)
	send(t, conn, `echo "走了" \\`)
	receive(t, conn, "走了 \\\n")
	assert.Equal(t, here(conn)+" connected", server.shown.line(t))
	assert.Equal(t, here(conn)+` runs "echo \"走了\" \\\\"`, server.shown.line(t))
	assert.Equal(t, here(conn)+" answered with 9 bytes", server.shown.line(t))
	reset(t, conn)
	assert.Equal(t, here(conn)+" broke the connection off: reset", server.shown.line(t))
}

// A deafWriter fails, as standard output does when it is a pipe that nobody
// reads any more.
type deafWriter struct{}

func (deafWriter) Write([]byte) (int, error) { return 0, errors.New("nobody reads this") }

func TestAServerServesOnWhenNobodySeesWhatItShows(t *testing.T) {
	needsUnix(t)
	for _, server := range []Server{{}, {Log: deafWriter{}}} { // the first has no Log at all
		ctx, cancel := context.WithCancel(t.Context())
		ln := listen(t)
		served := make(chan error, 1)
		go func() { served <- server.Serve(ctx, ln) }()
		assert.Equal(t, "hi\n", answer(t, ln.Addr().String(), "echo hi"))
		assert.Equal(t, "hi\n", answer(t, ln.Addr().String(), "echo hi"))
		cancel()
		assert.NoError(t, <-served)
	}
}

func TestLinesOfClientsServedAtOnceDoNotMix(t *testing.T) {
	var log bytes.Buffer // not safe by itself: the race detector watches
	server := serve(t, Server{Log: &log})
	var clients sync.WaitGroup
	for range 8 {
		conn := connect(t, server.addr)
		clients.Go(func() {
			for range 5 {
				conn.Write([]byte("echo hi"))
				io.ReadFull(conn, make([]byte, 3))
			}
			conn.Close()
		})
	}
	clients.Wait()
	require.NoError(t, server.stop())
	event := regexp.MustCompile(`^127\.0\.0\.1:\d+ (connected|runs "echo hi"|answered with 3 bytes|closed its side: EOF)$`)
	lines := strings.Split(strings.TrimSuffix(log.String(), "\n"), "\n")
	assert.Len(t, lines, 8*12)
	for _, line := range lines {
		assert.Regexp(t, event, line)
	}
}

func FuzzWhatIsShownIsPrintableAndCanBeReadBack(f *testing.F) {
	f.Add([]byte("hello"))
	f.Add([]byte("\x1b[2J\u202e\u009b\"\\\n"))
	f.Add([]byte("\u8d70\u4e86"[:4]))
	f.Fuzz(func(t *testing.T, msg []byte) {
		quoted := string(appendQuoted(nil, msg))
		assert.Equal(t, -1, strings.IndexFunc(quoted, func(r rune) bool { return !unicode.IsPrint(r) }), "%q", quoted)
		back, err := strconv.Unquote(quoted)
		require.NoError(t, err)
		assert.Equal(t, string(msg), back)
	})
}
