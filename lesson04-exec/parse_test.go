package remote

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func TestACommandIsOneLineOfPrintableText(t *testing.T) {
	for _, msg := range []string{"echo hi", "echo hi\n", "echo hi\r\n", "echo 走了", "a  b", " ", "echo GET", "get x", "gpg", "POSTGRES=1 env"} {
		command, err := parse([]byte(msg))
		assert.NoError(t, err, "%q", msg)
		assert.Equal(t, strings.TrimRight(msg, "\r\n"), command)
	}
	for msg, why := range map[string]error{
		"echo a\necho b":   errNotText,
		"echo a\necho b\n": errNotText,
		"echo a\n\n":       errNotText,
		"echo a\r":         nil, // one line ending is no more than that
		"echo a\r\r\n":     errNotText,
		"\necho a":         errNotText,
		"a\rb":             errNotText,
		"a\tb":             errNotText,
		"a\x00b":           errNotText,
		"\x1b[2J":          errNotText,
		"a\x7f":            errNotText,
		"a\u0085b":         errNotText, // a line break too, among the C1 controls
		"a\u2028b":         errNotText, // a line separator
		"a\u202eb":         errNotText, // turns the direction of what is shown
		"a\u3000b":         errNotText, // a space that the shell takes for a letter
		"a\u200bb":         errNotText, // has no width
		"a\ufeffb":         errNotText,
		"\xff":             errNotText,
		"走"[:2]:            errNotText, // half a character
		"\x16\x03\x01":     errNotText, // how TLS says hello
		"GET / HTTP/1.1":   errHTTP,
		"GET":              errHTTP,
		"P":                errHTTP,
		"PRI * HTTP/2.0":   errHTTP,
	} {
		command, err := parse([]byte(msg))
		assert.Equal(t, why, err, "%q", msg)
		if why != nil {
			assert.Empty(t, command, "%q", msg)
		}
	}
}

func TestACommandHasAtMost1024Bytes(t *testing.T) {
	command, err := parse([]byte(strings.Repeat("x", 1024)))
	assert.NoError(t, err)
	assert.Len(t, command, 1024)
	_, err = parse([]byte(strings.Repeat("x", 1025)))
	assert.Equal(t, errTooLong, err)
	_, err = parse([]byte(strings.Repeat("x", 1024) + "\n"))
	assert.Equal(t, errTooLong, err, "the line ending counts")
}

func TestACommandOf1024BytesRunsAndALongerOneRunsNothing(t *testing.T) {
	fits := "echo " + strings.Repeat("x", 1019)
	server := serve(t, Server{})
	assert.Equal(t, strings.Repeat("x", 1019)+"\n", answer(t, server.addr, fits))
	attack(t, "a command has at most 1024 bytes", "touch pwned;"+strings.Repeat("x", 1013))
}

func FuzzWhateverArrivesIsOneShortPrintableLineOrNoCommand(f *testing.F) {
	for _, seed := range []string{"", "echo hi\r\n", "GET / HTTP/1.1\r\n\r\n", "a\x00b", "走了", "\xd7\xdf", strings.Repeat("x", 1025)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, msg []byte) {
		command, err := parse(msg)
		if err != nil {
			assert.Empty(t, command)
			return
		}
		assert.True(t, strings.HasPrefix(string(msg), command), "nothing is rewritten")
		assert.Contains(t, []string{"", "\n", "\r", "\r\n"}, strings.TrimPrefix(string(msg), command))
		assert.LessOrEqual(t, len(msg), 1024)
		assert.True(t, utf8.ValidString(command))
		for _, r := range command {
			assert.True(t, unicode.IsPrint(r), "%q", r)
		}
		for _, method := range httpMethods {
			assert.False(t, strings.HasPrefix(command, method))
		}
	})
}
