package web

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func TestWhatAProgramPrintsIsShownAsTextThatSteersNothing(t *testing.T) {
	for printed, shown := range map[string]string{
		"plain\n":                    "plain\n",
		"a\tb":                       "a\tb",
		"走了\n":                       "走了\n",
		"<b>&amp;":                   "<b>&amp;",
		"\x1b[2J":                    "␛[2J",
		"\a\x00\x7f":                 "␇␀␡",
		"line\r\nline":               "line\nline",
		"over\rwritten":              "over␍written",
		"\xff\xfe":                   "\uFFFD\uFFFD",
		"half \xe8\xb5":              "half ", // the rest can still come
		"\u202egnirts":               "\uFFFDgnirts",
		"next\u2028line, c1 \u009bm": "next\uFFFDline, c1 \uFFFDm",
	} {
		assert.Equal(t, shown, new(decoder).decode([]byte(printed)), "%q", printed)
	}
}

func TestACharacterThatComesInPiecesIsWhole(t *testing.T) {
	var d decoder
	var shown strings.Builder
	for _, b := range []byte("走了\r\n") {
		shown.WriteString(d.decode([]byte{b}))
	}
	assert.Equal(t, "走了\n", shown.String())
}

func FuzzShownTextIsPrintable(f *testing.F) {
	f.Add([]byte("hello\n"), 3)
	f.Add([]byte("\x1b[2J走\xff\r\n"), 6)
	f.Fuzz(func(t *testing.T, printed []byte, cut int) {
		cut = min(max(cut, 0), len(printed))
		var d decoder
		shown := d.decode(printed[:cut]) + d.decode(printed[cut:])
		assert.True(t, utf8.ValidString(shown))
		for _, r := range shown {
			assert.True(t, r == '\n' || r == '\t' || r >= ' ' && r != 0x7f && !(r >= 0x80 && r < 0xa0), "%q", r)
		}
		assert.Less(t, len(d.rest), utf8.UTFMax)
	})
}
