package remote

import (
	"bytes"
	"net"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shownBy returns what client shows of an answer, without its last line break.
func shownBy(t testing.TB, client Client, answer string) string {
	t.Helper()
	ln := listen(t)
	conn, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	send(t, asServer(t, ln), answer)
	var shown bytes.Buffer
	require.NoError(t, client.Talk(conn, strings.NewReader("a command\n"), &shown))
	_, text, _ := strings.Cut(shown.String(), "\n")
	return strings.TrimSuffix(text, "\n")
}

func TestTheClientReadsOutputInTheEncodingItIsToldOf(t *testing.T) {
	for _, x := range []struct{ encoding, output, shown string }{
		{"utf-8", "走了\n", "走了"},
		{"gbk", "\xd7\xdf\xc1\xcb\n", "走了"},
		{"gb18030", "\xd7\xdf\xc1\xcb\n", "走了"},
		{"gb18030", "\x81\x30\x81\x30", `\u0080`}, // four bytes that GBK does not have
		{"utf-8", "\xd7\xdf\xc1\xcb\n", "����"},
		{"gbk", "走了\n", "璧颁簡"}, // what each shows of the other's text
		{"gbk", "plain\n", "plain"},
		{"gbk", "\xd7\xdf\xc1\xcb\x1b[2J", `走了\x1b[2J`}, // control characters are looked for after decoding
	} {
		client := Client{Encoding: Encodings[x.encoding]}
		assert.Equal(t, x.shown, shownBy(t, client, x.output), "%q as %s", x.output, x.encoding)
	}
	assert.Equal(t, "走了", shownBy(t, Client{}, "走了\n"), "UTF-8 when nothing is said")
}

func TestThePythonClientTakesEveryAnswerForGBKAndPlainDecodesNone(t *testing.T) {
	t.Parallel()
	server := serve(t, Server{})
	for _, x := range []struct{ command, python, plain string }{
		{`printf '\327\337\301\313\n'`, "走了\n", `"\xd7\xdf\xc1\xcb\n"`},
		{"echo 走了", "璧颁簡\n", `"走了\n"`}, // UTF-8 read as GBK
	} {
		python := startSide(t, "Python", "client", server.addr)
		python.typeLine(t, x.command)
		assert.Equal(t, asShown("Python", x.python), python.nextLines(t, 3))
		plain := startSide(t, "plain", "client", server.addr)
		plain.typeLine(t, x.command)
		assert.Equal(t, x.plain, plain.line(t))
	}
}

// The end of a read can fall inside a character, and what is left of it is none.
func TestTheCutCanFallInsideACharacter(t *testing.T) {
	ln := listen(t)
	conn, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	send(t, asServer(t, ln), strings.Repeat("x", 1023)+"走")
	var shown strings.Builder
	require.NoError(t, new(Client).Talk(conn, strings.NewReader("one\ntwo\n"), &shown))
	assert.Equal(t, strings.Repeat("x", 1023)+"�\n��\n", shown.String()[strings.Index(shown.String(), "\n")+1:])
}

func TestControlSequencesDoNotReachTheTerminalRaw(t *testing.T) {
	for answer, shown := range map[string]string{
		"plain\n":                  "plain",
		"two\nlines\n":             "two\nlines",
		"a\tb":                     "a\tb",
		"走了, é":                    "走了, é",
		"\x1b[2Jcleared":           `\x1b[2Jcleared`, // would clear the screen
		"\x1b]0;title\a":           `\x1b]0;title\a`,
		"over\rwritten":            `over\rwritten`, // would hide what stands before it
		"back\bspace\x7f":          `back\bspace\x7f`,
		"\u009b31mred":             `\u009b31mred`,
		"\u202egnp.exe":            `\u202egnp.exe`, // would turn the text around
		"\u2028line":               `\u2028line`,
		"全\u3000角\u00a0x":          "全\u3000角\u00a0x", // wide and unbreakable spaces steer nothing
		"a\x00b":                   `a\x00b`,
		"quotes \" and \\ and '\n": `quotes " and \ and '`,
		"\xff":                     "�",
	} {
		assert.Equal(t, shown, shownBy(t, Client{}, answer), "%q", answer)
	}
}

func TestRawShowsControlSequencesAsTheyAre(t *testing.T) {
	assert.Equal(t, "\x1b[31mred\x1b[0m\a", shownBy(t, Client{Raw: true}, "\x1b[31mred\x1b[0m\a\n"))
	assert.Equal(t, "\xff", shownBy(t, Client{Raw: true}, "\xff"), "and bytes that are no text")
}

func TestALineBreakAtTheEndIsNotShownTwiceAndThoseOfWindowsAreLineBreaks(t *testing.T) {
	assert.Equal(t, "hi", shownBy(t, Client{}, "hi\n"))
	assert.Equal(t, "hi", shownBy(t, Client{}, "hi"))
	assert.Equal(t, "hi\n", shownBy(t, Client{}, "hi\n\n"), "but a second one is a line")
	assert.Equal(t, "one\ntwo", shownBy(t, Client{}, "one\r\ntwo\r\n"))
}

func FuzzWhatTheClientShowsCannotSteerTheTerminal(f *testing.F) {
	for _, seed := range []string{"hello\n", "\x1b[2J\u202e\u009b\x00", "走了"[:4], "\t\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		shown := escape(text)
		assert.True(t, utf8.ValidString(shown))
		for _, r := range shown {
			assert.True(t, unicode.IsGraphic(r) || r == '\n' || r == '\t', "%q in %q", r, shown)
		}
		if utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) }) {
			assert.Equal(t, text, shown, "what prints stays as it is")
		}
	})
}
