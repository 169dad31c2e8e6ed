package sticky

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// pairings are who meets whom.
var pairings = []struct{ server, client string }{
	{"Go", "Go"}, {"Go", "Python"}, {"Python", "Go"}, {"Python", "Python"},
}

// startServer starts a server without a framing or with the header's.
func startServer(t testing.TB, language, framing string) *program {
	t.Helper()
	if language == "Python" {
		return startPython(t, scripts[framing]+"_server.py", "127.0.0.1:0")
	}
	return startGo(t, "server", "-framing", framing, "-addr", "127.0.0.1:0")
}

func startClient(t testing.TB, language, framing, addr string) *program {
	t.Helper()
	if language == "Python" {
		return startPython(t, scripts[framing]+"_client.py", addr)
	}
	return startGo(t, "client", "-framing", framing, "-addr", addr)
}

var scripts = map[string]string{"none": "sticky", "header": "frame"}

// pythonShown is what a Python program shows of the messages.
func pythonShown(done string, msgs ...string) (lines []string) {
	for _, msg := range msgs {
		lines = append(lines, fmt.Sprintf("%s: %d b'%.20s'", done, len(msg), msg))
	}
	return lines
}

func TestEveryPairShowsTheSameJoinedAndTornMessages(t *testing.T) {
	pieces := []string{"onetwothree" + xs(1013), xs(1024), xs(963)}
	for _, pair := range pairings {
		t.Run(pair.server+" server and "+pair.client+" client", func(t *testing.T) {
			server := startServer(t, pair.server, "none")
			client := startClient(t, pair.client, "none", server.listening(t))
			status, sent := client.exit(t)
			assert.Zero(t, status)
			if pair.client == "Python" {
				assert.Equal(t, pythonShown("sent", messages...), sent)
			} else {
				assert.Equal(t, demonstrationSent, sent[1:])
			}
			if pair.server == "Go" {
				assert.Equal(t, demonstrationReceived, withoutPeer(server.nextLines(t, len(demonstrationReceived))))
				return
			}
			assert.Contains(t, server.line(t), "client: ('127.0.0.1', ")
			status, received := server.exit(t)
			assert.Zero(t, status)
			want := append(pythonShown("received over UDP", messages...), pythonShown("received", pieces...)...)
			assert.Equal(t, want, received)
		})
	}
}

// Go and Python space JSON differently and order its keys as they like, so what
// came over the wire is compared as frames.
func TestEveryPairSendsAndReceivesTheSameFrames(t *testing.T) {
	want := []frame{
		{Header{"message", 3, "f97c5d29941bfb1b2fdab0874906ab82"}, "one"},
		{Header{"message", 3, "b8a9f715dbb64fd5c56e7783c6820a61"}, "two"},
		{Header{"message", 5, "35d6d33467aae9a2e3dccb4b6b027878"}, "three"},
		{Header{"message", 3000, "33d7ac42e3aa0f3146843833c23e4365"}, xs(3000)},
	}
	for _, pair := range pairings {
		t.Run(pair.server+" server and "+pair.client+" client", func(t *testing.T) {
			server := startServer(t, pair.server, "header")
			w := tap(t, server.listening(t))
			status, _ := startClient(t, pair.client, "header", w.addr).exit(t)
			assert.Zero(t, status)
			serverGot, clientGot := w.received(t)
			frames, err := decode(strings.NewReader(serverGot))
			assert.Equal(t, io.EOF, err)
			assert.Equal(t, want, frames, "what the server received")
			assert.Empty(t, clientGot, "what the client received")
			for i, line := range server.nextLines(t, 5)[1:] {
				if pair.server == "Python" {
					assert.True(t, strings.HasPrefix(line, pythonShown("received", messages[i])[0]+" {'file_"), line)
				} else {
					assert.Equal(t, []string{describe("received", []byte(messages[i]))}, withoutPeer([]string{line}))
				}
			}
		})
	}
}

func TestEveryFramingOfTheProgramsDeliversTheMessagesAsTheyWereSent(t *testing.T) {
	for name := range framings {
		t.Run(name, func(t *testing.T) {
			server := startGo(t, "server", "-framing", name, "-addr", "127.0.0.1:0")
			status, lines := startClient(t, "Go", name, server.listening(t)).exit(t)
			assert.Zero(t, status)
			assert.Equal(t, demonstrationSent[:4], lines[1:], "and nothing over UDP")
			want := []string{"connected"}
			for _, msg := range messages {
				want = append(want, describe("received", []byte(msg)))
			}
			want = append(want, "closed its side: EOF")
			assert.Equal(t, want, withoutPeer(server.nextLines(t, len(want))))
		})
	}
}

// The document's keys stand in another order, and its frame goes in three sends.
func TestTheDocumentsOwnSenderIsUnderstood(t *testing.T) {
	server := serve(t, Server{Framing: "header"})
	status, lines := startPython(t, "../testdata/document.py", server.addr).exit(t)
	assert.Zero(t, status)
	assert.Empty(t, lines)
	assert.Equal(t, []string{
		"connected", describe("received", []byte(strings.Repeat("a", 10000))), `received 6 bytes: "走了"`, "closed its side: EOF",
	}, withoutPeer(server.shown.lines(t, 4)))
}
