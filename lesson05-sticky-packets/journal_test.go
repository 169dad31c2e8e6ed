package sticky

import (
	"bytes"
	"context"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatAPeerSendsNeverReachesTheTerminalRaw(t *testing.T) {
	for msg, line := range map[string]string{
		"hello":                       `received 5 bytes: "hello"`,
		"\u8d70\u4e86":                `received 6 bytes: "走了"`,
		"a \"quote\" and \\":          `received 15 bytes: "a \"quote\" and \\"`,
		"two\nlines\r\tand":           `received 14 bytes: "two\nlines\r\tand"`,
		"\x1b[2Jcleared":              `received 11 bytes: "\x1b[2Jcleared"`,
		"\u202egnp.exe":               `received 10 bytes: "\u202egnp.exe"`,
		"\x00 \xff":                   `received 3 bytes: "\x00 \xff"`,
		xs(40):                        `received 40 bytes: "` + xs(40) + `"`,
		"begin" + xs(31) + "\x1b[2J!": `received 41 bytes: "beginxxxxxxxxxxxxxxx"..."xxxxxxxxxxxxxxx\x1b[2J!"`,
	} {
		shown := describe("received", []byte(msg))
		assert.Equal(t, line, shown)
		assert.Equal(t, -1, strings.IndexFunc(shown, func(r rune) bool { return !unicode.IsPrint(r) }))
	}
}

// discarding is a terminal that nobody can see.
type discarding struct{}

func (discarding) Write([]byte) (int, error) { return 0, net.ErrClosed }

func TestAServerServesOnWhenNobodySeesWhatItShows(t *testing.T) {
	for _, server := range []Server{{}, {Log: discarding{}}} {
		server.Count, server.Framing = true, "line"
		synctest.Test(t, func(t *testing.T) {
			ln := newPipeListener()
			ctx, cancel := context.WithCancel(t.Context())
			served := make(chan error, 1)
			go func() { served <- server.Serve(ctx, ln) }()
			client := ln.dial()
			roundTrip(t, client)
			roundTrip(t, client)
			client.Close()
			cancel()
			assert.NoError(t, <-served)
		})
	}
}

func TestLinesOfClientsServedAtOnceDoNotMix(t *testing.T) {
	var log bytes.Buffer // not safe by itself: the race detector watches
	server := serve(t, Server{Count: true, Framing: "line", Log: &log})
	var clients sync.WaitGroup
	for range 50 {
		client := connect(t, server.addr)
		clients.Go(func() {
			f := newLineFraming(client)
			for range 20 {
				assert.NoError(t, f.write([]byte("3")))
				_, err := f.read()
				assert.NoError(t, err)
			}
			client.Close()
		})
	}
	clients.Wait()
	require.NoError(t, server.stop())
	event := regexp.MustCompile(`^127\.0\.0\.1:\d+ (connected|received 1 bytes: "3"|closed its side: EOF)$`)
	lines := strings.Split(strings.TrimSuffix(log.String(), "\n"), "\n")
	assert.Len(t, lines, 50*22)
	for _, line := range lines {
		assert.Regexp(t, event, line)
	}
}
