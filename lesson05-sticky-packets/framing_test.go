package sticky

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// framings are those that draw boundaries, and how long a message each carries.
var framings = map[string]int{"header": maxMessage, "prefix": maxMessage, "line": maxMessage, "fixed": recordSize}

// allBytes are the 256 values a byte can have.
func allBytes() string {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return string(all)
}

// cannot are the framings that cannot carry a message, and why.
type cannot map[string]error

var carried = []struct {
	name, msg string
	cannot    cannot
}{
	{"empty", "", nil},
	{"a word", "hello", nil},
	{"text", "走了, naïve", nil},
	{"blanks", "  a  ", nil},
	{"a return within", "a\rb", nil},
	{"a return at the end", "a\r", cannot{"line": errUnsendable}},
	{"zeros within", "a\x00\x00b", nil},
	{"a zero at the end", "a\x00", cannot{"fixed": errUnsendable}},
	{"a zero", "\x00", cannot{"fixed": errUnsendable}},
	{"a line break", "a\nb", cannot{"line": errUnsendable}},
	{"a line break at the end", "a\n", cannot{"line": errUnsendable}},
	{"all 256 values of a byte", allBytes(), cannot{"line": errUnsendable}},
	{"what looks like a frame", string(mustEncode(message("a", "hello"))), nil},
	{"what looks like a prefix", "\x00\x00\x00\x05hello", nil},
	{"as long as a record", xs(recordSize), nil},
	{"longer than a record", xs(recordSize + 1), cannot{"fixed": errMessageTooLong}},
	{"64 KiB", xs(64 << 10), cannot{"fixed": errMessageTooLong}},
	{"the longest", xs(maxMessage), cannot{"fixed": errMessageTooLong}},
	{"too long", xs(maxMessage + 1), cannot{
		"header": errMessageTooLong, "prefix": errMessageTooLong, "line": errMessageTooLong, "fixed": errMessageTooLong,
	}},
}

func mustEncode(f frame) []byte {
	var out bytes.Buffer
	if err := NewFrameWriter(&out).Write(f.header, strings.NewReader(f.body)); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// Each message goes between two others, so that one torn or joined shows.
func TestAMessageComesBackWholeInEveryFramingThatCarriesIt(t *testing.T) {
	for name := range framings {
		for _, c := range carried {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				var wire bytes.Buffer
				out := framed(t, name, &wire)
				want := []string{"before", c.msg, "after"}
				for _, msg := range want {
					before := wire.Len()
					err := out.write([]byte(msg))
					if msg == c.msg && c.cannot[name] != nil {
						require.ErrorIs(t, err, c.cannot[name])
						require.Equal(t, before, wire.Len(), "nothing is sent of it")
						want = []string{"before", "after"}
						continue
					}
					require.NoError(t, err)
				}
				assert.Equal(t, want, all(t, framed(t, name, &wire)))
			})
		}
	}
}

// A line that is typed into telnet ends with a return and a line break.
func TestALineMayEndAsTelnetEndsIt(t *testing.T) {
	assert.Equal(t, []string{"5", "", "a\rb", "5"}, all(t, framed(t, "line", bytes.NewBufferString("5\r\n\r\na\rb\r\n5\n"))))
}

func TestTheLongestLineIsAsLongWithAReturnAsWithout(t *testing.T) {
	for _, end := range []string{"\n", "\r\n"} {
		f := framed(t, "line", bytes.NewBufferString(xs(maxMessage)+end+xs(maxMessage+1)+end))
		msg, err := f.read()
		require.NoError(t, err)
		assert.Len(t, msg, maxMessage)
		_, err = f.read()
		assert.ErrorIs(t, err, errMessageTooLong)
	}
}

func TestInEveryFramingWhatIsTooLongIsRefused(t *testing.T) {
	for name, refused := range map[string]struct {
		stream string
		err    error
		says   string
	}{
		"header": {headed(`{"file_name":"","file_size":1048577,"md5":""}`), ErrBodyTooLong, "the body is too long: 1048577 bytes"},
		"prefix": {"\x00\x10\x00\x01", errMessageTooLong, "a message is too long for this framing: 1048577 bytes"},
		"line":   {xs(maxMessage + 1), errMessageTooLong, "a message is too long for this framing: bufio.Scanner: token too long"},
	} {
		_, err := framed(t, name, bytes.NewBufferString(refused.stream)).read()
		assert.ErrorIs(t, err, refused.err)
		assert.EqualError(t, err, refused.says)
	}
}

func TestInEveryFramingAnErrorOfTheStreamIsPassedOn(t *testing.T) {
	for name := range framings {
		in := io.MultiReader(strings.NewReader("\x05"), iotest.ErrReader(errFull))
		f := framed(t, name, stream{in, failAfter(3)})
		_, err := f.read()
		assert.ErrorIs(t, err, errFull, name)
		assert.ErrorIs(t, f.write([]byte("hello")), errFull, name)
	}
}

func TestTheMD5InAHeaderIsThatOfTheMessage(t *testing.T) {
	var wire bytes.Buffer
	require.NoError(t, framed(t, "header", &wire).write([]byte("hello")))
	header, err := NewFrameReader(&wire).Next()
	require.NoError(t, err)
	assert.Equal(t, "5d41402abc4b2a76b9719d911017c592", header.MD5)
}

func TestARecordIsFilledUpWithZerosAlsoAfterALongerOne(t *testing.T) {
	var wire bytes.Buffer
	f := framed(t, "fixed", &wire)
	require.NoError(t, f.write([]byte(xs(recordSize))))
	wire.Reset()
	require.NoError(t, f.write([]byte("short")))
	assert.Equal(t, "short"+strings.Repeat("\x00", recordSize-5), wire.String())
}

func TestARecordMayEndInAnyByteButZero(t *testing.T) {
	var wire bytes.Buffer
	f := framed(t, "fixed", &wire)
	for last := 1; last < 256; last++ {
		msg := "a" + string([]byte{byte(last)})
		require.NoError(t, f.write([]byte(msg)))
		got, err := f.read()
		require.NoError(t, err)
		assert.Equal(t, msg, string(got))
	}
}

func TestWhatAFramingAddsToAMessage(t *testing.T) {
	for name, cost := range map[string]int{"header": 4 + 78, "prefix": 4, "line": 1, "fixed": 4096 - 5} {
		var wire bytes.Buffer
		require.NoError(t, framed(t, name, &wire).write([]byte("hello")))
		assert.Equal(t, cost, wire.Len()-5, name)
	}
}
