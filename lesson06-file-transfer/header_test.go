package transfer

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// framed puts its length in front of a header.
func framed(text string) []byte {
	return append(binary.LittleEndian.AppendUint32(nil, uint32(len(text))), text...)
}

func TestAHeaderIsItsLengthAndAJSONObject(t *testing.T) {
	var wire bytes.Buffer
	h := header{FileName: "诗 \"1\"", MD5: helloMD5, FileSize: 5 << 30, Offset: 3 << 30}
	require.NoError(t, writeHeader(&wire, h))
	text := `{"filename":"诗 \"1\"","md5":"` + helloMD5 + `","file_size":5368709120,"offset":3221225472}`
	assert.Equal(t, framed(text), wire.Bytes())
	wire.WriteString("content")
	again, err := readHeader(&wire)
	require.NoError(t, err)
	assert.Equal(t, h, again)
	assert.Equal(t, "content", wire.String(), "not a byte more is read")
}

func TestAHeaderFromPythonIsUnderstood(t *testing.T) {
	h, err := readHeader(bytes.NewReader(framed(`{"filename": "\u8bd7", "md5": "xxdxxx", "file_size": 7, "other": [1]}`)))
	require.NoError(t, err)
	assert.Equal(t, header{FileName: "诗", MD5: "xxdxxx", FileSize: 7}, h)
	assert.False(t, h.checkable(), "a placeholder is no checksum")
	h, err = readHeader(bytes.NewReader(framed(`{"filename":"a","md5":"` + strings.ToUpper(helloMD5) + `","file_size":7}`)))
	require.NoError(t, err)
	assert.Equal(t, helloMD5, h.MD5)
	assert.True(t, h.checkable())
	for _, md5 := range []string{"", helloMD5[1:], helloMD5 + "0", strings.Replace(helloMD5, "7", "g", 1), helloMD5 + "\n"} {
		assert.False(t, header{MD5: md5}.checkable(), "%q", md5)
	}
}

func TestAHeaderThatComesByteByByteIsReadAndOneThatEndsEarlyIsNot(t *testing.T) {
	whole := framed(`{"filename":"a","md5":"","file_size":7}`)
	h, err := readHeader(iotest.OneByteReader(bytes.NewReader(whole)))
	assert.NoError(t, err)
	assert.Equal(t, header{FileName: "a", FileSize: 7}, h)
	for n := range whole {
		_, err := readHeader(bytes.NewReader(whole[:n]))
		if n == 0 {
			assert.Equal(t, io.EOF, err)
			continue
		}
		assert.Equal(t, io.ErrUnexpectedEOF, err, "after %d bytes", n)
	}
}

func TestAHeaderOutOfBoundsIsRefused(t *testing.T) {
	for _, length := range []uint32{0, maxHeader + 1, 1<<31 - 1, 1 << 31, 1<<32 - 1} {
		_, err := readHeader(bytes.NewReader(binary.LittleEndian.AppendUint32(nil, length)))
		assert.ErrorIs(t, err, errHeaderLength)
		assert.ErrorContains(t, err, fmt.Sprint(int32(length)))
	}
	longest := `{"file_size":0,"filename":"` + strings.Repeat("a", maxHeader-29) + `"}`
	require.Len(t, longest, maxHeader)
	_, err := readHeader(bytes.NewReader(framed(longest)))
	assert.NoError(t, err)
	for _, text := range []string{"x", "[]", `"a"`, "7", `{"file_size":"7"}`, `{"file_size":7.5}`, `{"file_size":1`, `{"file_size":9223372036854775808}`, `{"md5":7,"file_size":1}`} {
		_, err := readHeader(bytes.NewReader(framed(text)))
		assert.ErrorIs(t, err, errHeaderJSON, text)
	}
	for _, text := range []string{"{}", "null", `{"file_size":-1}`, `{"file_size":null}`, `{"file_size":7,"offset":8}`, `{"file_size":7,"offset":-1}`} {
		_, err := readHeader(bytes.NewReader(framed(text)))
		assert.ErrorIs(t, err, errHeaderSize, text)
	}
	for _, text := range []string{`{"file_size":0}`, `{"file_size":7,"offset":7}`, `{"file_size":9223372036854775807}`} {
		_, err := readHeader(bytes.NewReader(framed(text)))
		assert.NoError(t, err, text)
	}
}

func TestNothingIsAllocatedForAHeaderOf2GiB(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 1000 {
		_, err := readHeader(bytes.NewReader([]byte{255, 255, 255, 127}))
		require.ErrorIs(t, err, errHeaderLength)
	}
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(2<<20))
}

// Whatever comes, a header is refused or makes sense, and is written as it is
// read.
func FuzzReadHeader(f *testing.F) {
	for _, text := range []string{"{}", `{"filename":"a","md5":"xxdxxx","file_size":7}`, `{"file_size":7,"offset":3,"error":"no"}`, "["} {
		f.Add(framed(text))
	}
	f.Add([]byte{255, 255, 255, 127})
	f.Fuzz(func(t *testing.T, wire []byte) {
		r := bytes.NewReader(wire)
		h, err := readHeader(r)
		if err != nil {
			return
		}
		assert.GreaterOrEqual(t, h.FileSize, h.Offset)
		assert.GreaterOrEqual(t, h.Offset, int64(0))
		rest, _ := io.ReadAll(r) // from memory
		assert.True(t, bytes.HasSuffix(wire, rest))
		if len(wire) > 10_000 {
			return // what takes 6 bytes in JSON may take 1 here, and not fit when it is written
		}
		var out bytes.Buffer
		assert.NoError(t, writeHeader(&out, h))
		again, err := readHeader(&out)
		assert.NoError(t, err)
		assert.Equal(t, h, again)
	})
}
