package sticky

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whatever comes, a FrameReader returns frames and then one of its errors, reads
// the same however the bytes are dealt out, and returns what a FrameWriter could
// have written.
func FuzzFrameReader(f *testing.F) {
	f.Add(mustEncode(message("message", "hello")))
	f.Add(slices.Concat(mustEncode(message("a", "")), mustEncode(message("b", "x"))))
	f.Add([]byte(lengthOf(-1)))
	f.Add([]byte(lengthOf(1<<31-1) + "{}"))
	f.Add([]byte(headed(`{"file_size": -1, "file_name": "a", "md5": "b"}`)))
	f.Add([]byte(headed(`{"file_size": 3, "file_name": "a", "md5": "b"}`) + "one"))
	f.Add([]byte(headed(`null`)))
	f.Fuzz(func(t *testing.T, stream []byte) {
		frames, err := decode(bytes.NewReader(stream))
		require.True(t, slices.ContainsFunc(allErrors, func(known error) bool { return errors.Is(err, known) }), "%v", err)
		again, errAgain := decode(iotest.OneByteReader(bytes.NewReader(stream)))
		assert.Equal(t, frames, again)
		assert.Equal(t, err.Error(), errAgain.Error())

		written := encode(t, frames...)
		back, err := decode(bytes.NewReader(written))
		if !errors.Is(err, ErrHeaderTooLong) { // one that grew, since Go writes < as \u003c
			assert.Equal(t, io.EOF, err)
			assert.Equal(t, frames, back)
		}
	})
}

// Any two messages come back whole, one after the other, in each framing that
// carries them. In the header's so does any name.
func FuzzRoundTrip(f *testing.F) {
	f.Add("message", "one", "two")
	f.Add("走了", "", "\x00")
	f.Add("a\xffb", allBytes(), "a\n")
	f.Add("long", xs(recordSize+1), "x")
	f.Fuzz(func(t *testing.T, name, first, second string) {
		want := []frame{message(name, first), message(name, second)}
		stream := encode(t, want...)
		for i := range want {
			want[i].header.FileName = toUTF8(name)
		}
		got, err := decode(iotest.HalfReader(bytes.NewReader(stream)))
		if !errors.Is(err, ErrHeaderTooLong) { // a name of 64 KiB
			assert.Equal(t, io.EOF, err)
			assert.Equal(t, want, got)
		}
		for framing := range framings {
			var wire bytes.Buffer
			var msgs []string
			for _, msg := range []string{first, second} {
				err := framed(t, framing, &wire).write([]byte(msg))
				if err == nil {
					msgs = append(msgs, msg)
				} else if !errors.Is(err, errUnsendable) {
					require.ErrorIs(t, err, errMessageTooLong)
				}
			}
			assert.Equal(t, msgs, all(t, framed(t, framing, &wire)), framing)
		}
	})
}

// toUTF8 puts U+FFFD for each byte that is not part of a character.
func toUTF8(s string) string {
	var valid strings.Builder
	for i, r := range s {
		if _, size := utf8.DecodeRuneInString(s[i:]); r == utf8.RuneError && size == 1 {
			r = '\ufffd'
		}
		valid.WriteRune(r)
	}
	return valid.String()
}
