package remote

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"golang.org/x/text/encoding/simplifiedchinese"
)

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

func TestControlSequencesHiddenInAnEncodingAreFoundAfterDecoding(t *testing.T) {
	assert.Equal(t, `走了\x1b[2J`, shownBy(t, Client{Encoding: simplifiedchinese.GBK}, "\xd7\xdf\xc1\xcb\x1b[2J"))
}

func TestTheLineBreaksOfWindowsAreLineBreaks(t *testing.T) {
	assert.Equal(t, "one\ntwo", shownBy(t, Client{}, "one\r\ntwo\r\n"))
}

func TestOneLineBreakAtTheEndIsNotShownTwice(t *testing.T) {
	assert.Equal(t, "hi", shownBy(t, Client{}, "hi\n"))
	assert.Equal(t, "hi", shownBy(t, Client{}, "hi"))
	assert.Equal(t, "hi\n", shownBy(t, Client{}, "hi\n\n"), "but a second one is a line")
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
