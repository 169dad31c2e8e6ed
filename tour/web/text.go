package web

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A decoder turns what a program prints into text that can be shown, piece by
// piece: a piece can end inside a character, whose rest comes with the next.
type decoder struct{ rest []byte }

// decode returns the text of printed and of what was left before it. Bytes that
// are no text become U+FFFD, and characters that would steer a terminal or the
// order of writing become visible ones.
func (d *decoder) decode(printed []byte) string {
	d.rest = append(d.rest, printed...)
	var text strings.Builder
	for len(d.rest) > 0 && utf8.FullRune(d.rest) && string(d.rest) != "\r" {
		r, size := utf8.DecodeRune(d.rest)
		d.rest = d.rest[size:]
		if r == '\r' && d.rest[0] == '\n' {
			continue // a line's end on Windows
		}
		text.WriteRune(visible(r))
	}
	return text.String()
}

// Visible returns a whole text as a decoder does.
func Visible(text string) string {
	return strings.Map(visible, strings.ReplaceAll(text, "\r\n", "\n"))
}

// visible returns a rune that can be seen for one that cannot: its picture for a
// control character, U+FFFD for one that formats.
func visible(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case r < ' ':
		return '\u2400' + r
	case r == 0x7f:
		return '\u2421'
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
		return unicode.ReplacementChar
	}
	return r
}
