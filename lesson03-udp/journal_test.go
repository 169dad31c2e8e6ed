package udp

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var someone = netip.MustParseAddrPort("127.0.0.1:50000")

func TestTheServerShowsWhoSentWhat(t *testing.T) {
	for msg, shown := range map[string]string{
		"hello":              `"hello"`,
		"":                   `""`,
		"你好, é":              `"你好, é"`,
		`say "hi" \o/`:       `"say \"hi\" \\o/"`,
		"two\nlines":         `"two\nlines"`,
		"\t\r\x00\x7f":       `"\x09\x0d\x00\x7f"`,
		"\x1b[31mred":        `"\x1b[31mred"`,
		"\xff\xe4\xbd":       `"\xff\xe4\xbd"`,
		"\u200b\u202e\ufeff": `"\xe2\x80\x8b\xe2\x80\xae\xef\xbb\xbf"`,
		" ~":                 `" ~"`,
	} {
		var out strings.Builder
		newJournal(&out).showMessage(someone, []byte(msg), false)
		assert.Equal(t, "127.0.0.1:50000 received "+shown+"\n", out.String())
	}
}

func TestTheServerShowsThatADatagramWasCut(t *testing.T) {
	var out strings.Builder
	newJournal(&out).showMessage(someone, []byte("hel"), true)
	assert.Equal(t, "127.0.0.1:50000 received \"hel\", cut: the datagram was longer than the buffer\n", out.String())
}

func TestEachEventIsOneLineAndOneWrite(t *testing.T) {
	var writes []string
	log := newJournal(writerFunc(func(line string) { writes = append(writes, line) }))
	log.show("first")
	log.showMessage(someone, []byte("a long second message"), false)
	log.showMessage(someone, []byte("third"), true)
	log.showMessage(someone, []byte("4"), false)
	assert.Equal(t, []string{
		"first\n",
		"127.0.0.1:50000 received \"a long second message\"\n",
		"127.0.0.1:50000 received \"third\", cut: the datagram was longer than the buffer\n",
		"127.0.0.1:50000 received \"4\"\n",
	}, writes)
}

// A deafWriter fails, as standard output does when it is a pipe that nobody
// reads any more.
type deafWriter struct{}

func (deafWriter) Write([]byte) (int, error) { return 0, errors.New("nobody reads this") }

func TestTheServerServesOnWhenNobodyReadsWhatItShows(t *testing.T) {
	addr := serve(t, deafWriter{})
	client, _ := bind(t)
	for range 2 {
		say(t, client, "hello", addr)
		assert.Equal(t, "HELLO", heard(t, client))
	}
}

func FuzzNoMessageReachesTheTerminalRaw(f *testing.F) {
	for _, msg := range []string{"", "hello", "你好", "\x1b]0;title\a", "\"\\\n", "\xe4\xbd\xff", "\u202e"} {
		f.Add([]byte(msg))
	}
	f.Fuzz(func(t *testing.T, msg []byte) {
		line := string(appendQuoted(nil, msg))
		require.True(t, utf8.ValidString(line))
		for _, r := range line {
			require.True(t, unicode.IsPrint(r), "%U in %q", r, line)
		}
		require.Equal(t, string(msg), unquoted(t, line), "what was sent can be read off")
	})
}

// unquoted is the message that a line shows.
func unquoted(t testing.TB, line string) string {
	t.Helper()
	line = strings.TrimSuffix(strings.TrimPrefix(line, `"`), `"`)
	var msg []byte
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] != '\\':
			msg = append(msg, line[i])
			continue
		case line[i+1] == 'n':
			msg = append(msg, '\n')
		case line[i+1] == 'x':
			const digits = "0123456789abcdef"
			msg = append(msg, byte(strings.IndexByte(digits, line[i+2])<<4|strings.IndexByte(digits, line[i+3])))
			i += 2
		default:
			msg = append(msg, line[i+1])
		}
		i++
	}
	return string(msg)
}
