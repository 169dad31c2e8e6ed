package remote

import (
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// seq is what "seq first last" prints.
func seq(first, last int) string {
	var lines strings.Builder
	for i := first; i <= last; i++ {
		lines.WriteString(strconv.Itoa(i) + "\n")
	}
	return lines.String()
}

// D7. The end of this lesson, left open on purpose: seq 1 1000 prints 3893 bytes,
// and a client reads 1024 of them. The next answers are the rest.
func TestTheRestOfALongAnswerAppearsInFrontOfTheNextOne(t *testing.T) {
	long, nothing := seq(1, 1000), "(no output, exit status 0)\n"
	for _, language := range []string{"Python", "Go"} {
		t.Run(language, func(t *testing.T) {
			server := serve(t, Server{})
			client := startSide(t, language, "client", server.addr)
			if language == "Go" {
				require.Contains(t, client.line(t), "connected: ")
			}
			for i, x := range []struct{ command, answer, shown string }{
				{"seq 1 1000", long, long[:1024]},
				{"echo NEXT", "NEXT\n", long[1024:2048]},
				{"true", nothing, long[2048:3072]},
				{"true", nothing, long[3072:] + "NEXT\n" + nothing}, // and perhaps its own answer
			} {
				client.typeLine(t, x.command)
				server.shown.until(t, "answered with "+strconv.Itoa(len(x.answer))+" bytes")
				want := asShown(language, x.shown)
				if i == 3 {
					want = slices.DeleteFunc(want, func(line string) bool { return line == "" })
				}
				assert.Equal(t, want, client.nextLines(t, len(want)), "what %q shows", x.command)
			}
		})
	}
}

// asShown is how the lines of an answer look on a client's standard output.
func asShown(language, answer string) []string {
	if language == "Python" {
		return strings.Split("=== has sent ===\n"+answer, "\n")
	}
	return strings.Split(strings.TrimSuffix(answer, "\n"), "\n")
}

func TestNothingOfALongAnswerIsLost(t *testing.T) {
	server := serve(t, Server{})
	assert.Equal(t, seq(1, 1000), answer(t, server.addr, "seq 1 1000"), "a reader who goes on to the end has it all")
}

func TestAnAnswerIsOneReadOf1024Bytes(t *testing.T) {
	full := strings.Repeat("x", 1024)
	for _, language := range []string{"Python", "Go"} {
		t.Run(language, func(t *testing.T) {
			ln := listen(t)
			client := startSide(t, language, "client", ln.Addr().String())
			server := asServer(t, ln)
			if language == "Go" {
				require.Contains(t, client.line(t), "connected: ")
			}
			client.typeLine(t, "one")
			receive(t, server, "one")
			send(t, server, full+"y")
			first := asShown(language, full)
			assert.Equal(t, first, client.nextLines(t, len(first)))
			client.typeLine(t, "two")
			receive(t, server, "two")
			rest := asShown(language, "y")
			assert.Equal(t, rest, client.nextLines(t, len(rest)), "the 1025th byte")
		})
	}
}

// The boundary can fall inside a character, and what is left of it is none.
func TestTheCutCanFallInsideACharacter(t *testing.T) {
	ln := listen(t)
	conn, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	server := asServer(t, ln)
	send(t, server, strings.Repeat("x", 1023)+"走")
	var shown strings.Builder
	require.NoError(t, new(Client).Talk(conn, strings.NewReader("one\ntwo\n"), &shown))
	assert.Equal(t, strings.Repeat("x", 1023)+"�\n��\n", shown.String()[strings.Index(shown.String(), "\n")+1:])
}
