package loops

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"strconv"
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
		server := serve(t, Server{})
		client := connect(t, server.addr)
		send(t, client, msg)
		server.shown.line(t)
		assert.Equal(t, here(client)+" received "+line, server.shown.line(t))
		require.NoError(t, client.Close())
	}
}

func TestAServerServesOnWhenNobodySeesWhatItShows(t *testing.T) {
	for _, server := range []Server{{}, {Log: discarding{}}} {
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
	server := serve(t, Server{Concurrent: true, Log: &log})
	var clients sync.WaitGroup
	for range 50 {
		client := connect(t, server.addr)
		clients.Go(func() {
			for range 20 {
				client.Write([]byte("hello"))
				io.ReadFull(client, make([]byte, 5))
			}
			client.Close()
		})
	}
	clients.Wait()
	require.NoError(t, server.stop())
	event := regexp.MustCompile(`^127\.0\.0\.1:\d+ (connected|received "hello"|closed its side: EOF)$`)
	lines := strings.Split(strings.TrimSuffix(log.String(), "\n"), "\n")
	assert.Len(t, lines, 50*22)
	for _, line := range lines {
		assert.Regexp(t, event, line)
	}
}

func TestAMessageInTheSteadyStateAllocatesNothing(t *testing.T) {
	for name, server := range map[string]Server{"one at a time": {}, "concurrent": {Concurrent: true}} {
		t.Run(name, func(t *testing.T) {
			server.Log = io.Discard // shown, to one who forgets
			client := connect(t, serve(t, server).addr)
			msg := []byte("a message of some length, with 走了 and \x1b in it")
			answer := make([]byte, len(msg))
			perMessage := testing.AllocsPerRun(2000, func() { // counts what the whole process allocates
				if _, err := client.Write(msg); err != nil {
					panic(err)
				}
				if _, err := io.ReadFull(client, answer); err != nil {
					panic(err)
				}
			})
			assert.Zero(t, perMessage)
		})
	}
}

func FuzzWhatIsShownIsPrintableAndCanBeReadBack(f *testing.F) {
	f.Add([]byte("hello"))
	f.Add([]byte("\x1b[2J\u202e\u009b\"\\\n"))
	f.Add([]byte("\u8d70\u4e86"[:4]))
	f.Add([]byte(allBytes()))
	f.Fuzz(func(t *testing.T, msg []byte) {
		quoted := string(appendQuoted(nil, msg))
		assert.Equal(t, -1, strings.IndexFunc(quoted, func(r rune) bool { return !unicode.IsPrint(r) }), "%q", quoted)
		back, err := strconv.Unquote(quoted)
		require.NoError(t, err)
		assert.Equal(t, string(msg), back)
	})
}
