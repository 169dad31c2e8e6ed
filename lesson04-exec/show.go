package remote

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Encodings are those that a server's system may print in, by name: utf-8 on Linux
// and macOS, gbk or gb18030 on a Chinese Windows.
var Encodings = map[string]encoding.Encoding{
	"utf-8":   encoding.Nop,
	"gbk":     simplifiedchinese.GBK,
	"gb18030": simplifiedchinese.GB18030,
}

// show decodes a piece of an answer and writes it to out, ended with a line
// break. Unless c.Raw it writes control characters as escapes, so that nothing
// in an answer can steer the terminal.
func (c *Client) show(out io.Writer, piece []byte) error {
	text := string(piece)
	if c.Encoding != nil {
		decoded, err := c.Encoding.NewDecoder().String(text)
		if err != nil {
			return err
		}
		text = decoded
	}
	text = strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	if !c.Raw {
		text = escape(text)
	}
	_, err := fmt.Fprintln(out, text)
	return err
}

// escape returns text with every character but line breaks, tabs and those that
// can be seen, spaces of all kinds among them, written as in Go source. What is
// no UTF-8 becomes U+FFFD.
func escape(text string) string {
	var escaped strings.Builder
	for _, r := range text {
		if r == '\n' || r == '\t' || unicode.IsGraphic(r) {
			escaped.WriteRune(r)
		} else {
			quoted := strconv.QuoteRune(r)
			escaped.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return escaped.String()
}
