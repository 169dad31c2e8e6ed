package sticky

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A party starts a program of its kind: the server or the client.
type party struct {
	name  string
	start func(t testing.TB, side, addr string) *program
}

func inPython(name string) party {
	return party{"Python", func(t testing.TB, side, addr string) *program {
		return startPython(t, name+"_"+side+".py", addr)
	}}
}

func inPlainGo(name string) party {
	return party{"plain", func(t testing.TB, side, addr string) *program { return startGo(t, name+"_"+side, addr) }}
}

func lessonsOwn(framing string) party {
	return party{"own", func(t testing.TB, side, addr string) *program {
		return startGo(t, side, "-framing", framing, "-addr", addr)
	}}
}

var (
	fourMessages = []string{"3 one", "3 two", "5 three", "3000 xxxxxxxxxxxxxxxxxxxx"}
	fourFrames   = []frame{
		{Header{"message", 3, "f97c5d29941bfb1b2fdab0874906ab82"}, "one"},
		{Header{"message", 3, "b8a9f715dbb64fd5c56e7783c6820a61"}, "two"},
		{Header{"message", 5, "35d6d33467aae9a2e3dccb4b6b027878"}, "three"},
		{Header{"message", 3000, "33d7ac42e3aa0f3146843833c23e4365"}, xs(3000)},
	}
	// stuckAndTorn is what a server receives when nothing draws the boundaries:
	// four datagrams, and a stream in three reads.
	stuckAndTorn = []string{
		"over UDP 3 one", "over UDP 3 two", "over UDP 5 three", "over UDP 3000 xxxxxxxxxxxxxxxxxxxx",
		"1024 onetwothreexxxxxxxxx", "1024 xxxxxxxxxxxxxxxxxxxx", "963 xxxxxxxxxxxxxxxxxxxx",
	}
)

// Each sends, and each receives, what is the same for all: on the wire, and on
// the screen of the server and of the client.
func TestEveryServerTalksToEveryClient(t *testing.T) {
	for _, exchange := range []struct {
		name      string
		parties   []party
		received  []string
		wire      func(stream string) (any, error)
		onWire    any
		datagrams []string
	}{
		{"no framing", []party{inPython("sticky"), inPlainGo("sticky")},
			stuckAndTorn, asIs, strings.Join(messages, ""), messages},
		{"prefix", []party{inPython("prefix"), inPlainGo("prefix"), lessonsOwn("prefix")},
			fourMessages, asIs, "\x00\x00\x00\x03one\x00\x00\x00\x03two\x00\x00\x00\x05three\x00\x00\x0b\xb8" + xs(3000), nil},
		{"header", []party{inPython("frame"), inPlainGo("frame"), lessonsOwn("header")},
			fourMessages, asFrames, fourFrames, nil},
	} {
		for _, server := range exchange.parties {
			for _, client := range exchange.parties {
				t.Run(exchange.name+"/"+server.name+" server and "+client.name+" client", func(t *testing.T) {
					serving, addr := startServer(t, server)
					w := tap(t, addr, exchange.datagrams != nil)
					status, sent := client.start(t, "client", w.addr).exit(t)
					assert.Zero(t, status)
					assert.Equal(t, fourMessages, shownOf(sent))
					assert.Equal(t, exchange.received, shownOf(served(t, serving)))

					toServer, toClient, datagrams := w.received()
					wire, err := exchange.wire(toServer)
					assert.NoError(t, err)
					assert.Equal(t, exchange.onWire, wire)
					assert.Equal(t, exchange.datagrams, datagrams)
					assert.Empty(t, toClient)
				})
			}
		}
	}
}

func asIs(stream string) (any, error) { return stream, nil }

// asFrames decodes the JSON, in which Go and Python put the blanks and the keys
// as they like.
func asFrames(stream string) (any, error) {
	frames, err := decode(strings.NewReader(stream))
	if err == io.EOF {
		err = nil
	}
	return frames, err
}

// startServer starts a server and returns its address. One that needs its port
// for UDP too is started again when that is taken.
func startServer(t testing.TB, server party) (*program, string) {
	t.Helper()
	for {
		p := server.start(t, "server", "127.0.0.1:0")
		line := p.line(t)
		if addr, found := strings.CutPrefix(line, "listening on "); found {
			return p, addr
		}
		_, rest := p.exit(t)
		require.Contains(t, strings.Join(append(rest, line), "\n"), "in use")
	}
}

// served returns what a server shows of its first client, up to its own end with
// status 0 or, if it serves others too, the client's.
func served(t testing.TB, server *program) (lines []string) {
	t.Helper()
	net := time.After(patience)
	for {
		select {
		case line, more := <-server.lines:
			if !more {
				status, _ := server.exit(t)
				assert.Zero(t, status, lines)
				return lines
			}
			lines = append(lines, line)
			if strings.HasSuffix(line, " closed its side: EOF") {
				return lines
			}
		case <-net:
			require.Fail(t, "the client has not left", "the server has shown %q", lines)
		}
	}
}

var shownMessage = regexp.MustCompile(`(?:sent|received):? (over UDP)?:? ?(\d+) (?:bytes: )?b?['"](\w{0,20})`)

// shownOf returns how long the messages in lines are and how they begin, however
// the program that has shown them shows it.
func shownOf(lines []string) (shown []string) {
	for _, line := range lines {
		if m := shownMessage.FindStringSubmatch(line); m != nil {
			shown = append(shown, strings.TrimLeft(m[1]+" ", " ")+m[2]+" "+m[3])
		}
	}
	return shown
}

// The document's keys stand in another order, and its frame goes in three sends.
func TestTheDocumentsOwnSenderIsUnderstood(t *testing.T) {
	server := serve(t, Server{})
	status, lines := startPython(t, "../testdata/document.py", server.addr).exit(t)
	assert.Zero(t, status)
	assert.Empty(t, lines)
	assert.Equal(t, []string{
		"connected", describe("received", []byte(strings.Repeat("a", 10000))), `received 6 bytes: "走了"`, "closed its side: EOF",
	}, withoutPeer(server.shown.lines(t, 4)))
}

func TestEveryProgramHasTheAddressOfTheOriginals(t *testing.T) {
	python, _ := filepath.Glob("python/*.py")
	plain, _ := filepath.Glob("plain/*/main.go")
	own, _ := filepath.Glob("*/main.go")
	assert.Len(t, append(append(python, plain...), own...), 6+6+2)
	for _, program := range append(append(python, plain...), own...) {
		source, err := os.ReadFile(program)
		require.NoError(t, err)
		assert.Contains(t, string(source), `"127.0.0.1:8080"`, program)
	}
}
