package sticky

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// allErrors are what a FrameReader tells apart.
var allErrors = []error{
	ErrNegativeLength, ErrZeroLength, ErrHeaderTooLong, ErrNotJSON, ErrUnknownKey, ErrMissingKey,
	ErrBadValue, ErrNegativeSize, ErrBodyTooLong, io.ErrUnexpectedEOF, io.EOF,
}

// lengthOf returns the first 4 bytes of a frame whose header is n bytes long.
func lengthOf(n int64) string {
	return string(binary.LittleEndian.AppendUint32(nil, uint32(n)))
}

// headed returns the beginning of a frame with this header.
func headed(text string) string { return lengthOf(int64(len(text))) + text }

func TestEveryFaultInAFrameIsAnErrorOfItsOwn(t *testing.T) {
	const rest = `"file_name": "a", "md5": "b"`
	for _, fault := range []struct {
		name, stream string
		err          error
		says         string
	}{
		{"a length of -1", lengthOf(-1), ErrNegativeLength, "the header's length is negative: -1"},
		{"the least length", lengthOf(-1 << 31), ErrNegativeLength, "-2147483648"},
		{"a length of 0", lengthOf(0), ErrZeroLength, "the header's length is zero"},
		{"a length past the bound", lengthOf(64<<10 + 1), ErrHeaderTooLong, "the header is too long: 65537 bytes"},
		{"the greatest length", lengthOf(1<<31 - 1), ErrHeaderTooLong, "2147483647 bytes"},
		{"the wrong byte order", "\x00\x00\x00\x18", ErrHeaderTooLong, "402653184 bytes"},
		{"text in place of a length", "GET / HTTP/1.1\r\n", ErrHeaderTooLong, "542393671 bytes"},
		{"no JSON", headed(`hello`), ErrNotJSON, "the header is not a JSON object: invalid character 'h'"},
		{"JSON that is cut", headed(`{"file_size": 3, "file_na`), ErrNotJSON, "unexpected end of JSON input"},
		{"JSON and more", headed(`{` + rest + `, "file_size": 3} {}`), ErrNotJSON, "after top-level value"},
		{"a Python dict", headed(`{'file_size': 3}`), ErrNotJSON, `invalid character '\''`},
		{"an array", headed(`[1, 2]`), ErrNotJSON, "cannot unmarshal array"},
		{"a number", headed(`7`), ErrNotJSON, "cannot unmarshal number"},
		{"null", headed(`null`), ErrNotJSON, "the header is not a JSON object: null"},
		{"nesting without end", headed(strings.Repeat("[", 60_000)), ErrNotJSON, "exceeded max depth"},
		{"no key", headed(`{}`), ErrMissingKey, "the header lacks a key: file_name"},
		{"no name", headed(`{"file_size": 3, "md5": "b"}`), ErrMissingKey, "file_name"},
		{"no size", headed(`{` + rest + `}`), ErrMissingKey, "file_size"},
		{"no md5", headed(`{"file_size": 3, "file_name": "a"}`), ErrMissingKey, "md5"},
		{"a key in capitals", headed(`{"FILE_SIZE": 3, ` + rest + `}`), ErrMissingKey, "file_size"},
		{"a key more", headed(`{"mode": 1, "file_size": 3, ` + rest + `}`), ErrUnknownKey, `the header has a key that is not known: "mode"`},
		{"a long key more", headed(`{"` + xs(5000) + `": 1, "file_size": 3, ` + rest + `}`), ErrUnknownKey, `"` + xs(40) + `"`},
		{"a size in quotes", headed(`{"file_size": "3", ` + rest + `}`), ErrBadValue, "the header has a value of the wrong type: file_size"},
		{"a size with a fraction", headed(`{"file_size": 3.5, ` + rest + `}`), ErrBadValue, "file_size"},
		{"a size past int64", headed(`{"file_size": 9223372036854775808, ` + rest + `}`), ErrBadValue, "file_size"},
		{"a size of null", headed(`{"file_size": null, ` + rest + `}`), ErrBadValue, "file_size"},
		{"a name that is a number", headed(`{"file_size": 3, "file_name": 4, "md5": "b"}`), ErrBadValue, "file_name"},
		{"an md5 of null", headed(`{"file_size": 3, "file_name": "a", "md5": null}`), ErrBadValue, "md5"},
		{"a negative size", headed(`{"file_size": -1, ` + rest + `}`), ErrNegativeSize, "the body's size is negative: -1"},
		{"a size past the bound", headed(`{"file_size": 1099511627777, ` + rest + `}`), ErrBodyTooLong, "the body is too long: 1099511627777 bytes"},
		{"an end in the length", lengthOf(7)[:3], io.ErrUnexpectedEOF, "unexpected EOF"},
		{"an end in the header", headed(`{"file_size": 3}`)[:9], io.ErrUnexpectedEOF, "unexpected EOF"},
		{"an end in the body", headed(`{"file_size": 3, `+rest+`}`) + "on", io.ErrUnexpectedEOF, "unexpected EOF"},
		{"nothing at all", "", io.EOF, "EOF"},
	} {
		t.Run(fault.name, func(t *testing.T) {
			frames, err := decode(strings.NewReader(fault.stream))
			assert.Empty(t, frames)
			assert.ErrorContains(t, err, fault.says)
			assert.Less(t, len(err.Error()), 200, "fit for one line")
			for _, other := range allErrors {
				assert.Equal(t, other == fault.err, errors.Is(err, other), "%v", other)
			}
		})
	}
}

func TestAHeaderAsPythonSpacesItIsReadToo(t *testing.T) {
	for _, text := range []string{
		`{"file_size": 3, "file_name": "a", "md5": "b"}`, // json.dumps puts blanks
		`{"file_name":"a","file_size":3,"md5":"b"}`,      // json.Marshal does not
		"{\n\t\"md5\": \"b\", \"file_name\": \"\\u0061\", \"file_size\": 3 }\n",
		`{"file_size": 9, "file_size": 3, "file_name": "a", "md5": "b"}`, // of a key twice both take the last
	} {
		frames, err := decode(strings.NewReader(headed(text) + "one"))
		require.Equal(t, io.EOF, err, text)
		assert.Equal(t, []frame{{Header{"a", 3, "b"}, "one"}}, frames)
	}
}

func TestTheBoundsAreOptions(t *testing.T) {
	frame := encode(t, message("a", "hello"))
	header := len(frame) - len("hello") - 4
	for _, bound := range []struct {
		maxHeader int
		maxBody   int64
		err       error
	}{
		{header, 5, nil}, {header - 1, 5, ErrHeaderTooLong}, {header, 4, ErrBodyTooLong}, {0, 0, nil},
	} {
		reader := NewFrameReader(bytes.NewReader(frame))
		reader.MaxHeader, reader.MaxBody = bound.maxHeader, bound.maxBody
		_, err := reader.Next()
		assert.ErrorIs(t, err, bound.err)
	}
}

func TestTheDefaultBoundsAre64KibibytesAnd1Tebibyte(t *testing.T) {
	name := xs(64<<10 - len(`{"file_name":"","file_size":1099511627776,"md5":""}`))
	text := fmt.Sprintf(`{"file_name":"%s","file_size":1099511627776,"md5":""}`, name)
	require.Len(t, text, 64<<10)
	header, err := NewFrameReader(strings.NewReader(headed(text))).Next()
	require.NoError(t, err)
	assert.Equal(t, Header{FileName: name, FileSize: 1 << 40}, header)
}

// allocated returns how many bytes f allocates.
func allocated(f func()) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

func TestNothingIsAllocatedForWhatAPeerOnlyAnnounces(t *testing.T) {
	for name, announced := range map[string]struct {
		framing, stream string
	}{
		"a header of 2 GiB":         {"header", lengthOf(1<<31 - 1)},
		"a header of minus 2 GiB":   {"header", lengthOf(-1 << 31)},
		"a body of 8 EiB":           {"header", headed(`{"file_name":"","file_size":9223372036854775807,"md5":""}`)},
		"a body past this framing":  {"header", headed(`{"file_name":"","file_size":1048577,"md5":""}`)},
		"a prefixed 4 GiB":          {"prefix", "\xff\xff\xff\xff"},
		"a prefixed message past 1": {"prefix", "\x00\x10\x00\x01"},
	} {
		t.Run(name, func(t *testing.T) {
			f := framed(t, announced.framing, stream{strings.NewReader(announced.stream), io.Discard})
			var err error
			assert.Less(t, allocated(func() { _, err = f.read() }), 32<<10)
			require.Error(t, err)
			assert.NotErrorIs(t, err, io.ErrUnexpectedEOF, "it did not begin to read")
		})
	}
}
