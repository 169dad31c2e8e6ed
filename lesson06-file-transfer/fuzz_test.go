package transfer

import (
	"bytes"
	"io"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Whatever comes, a request that is accepted stays below the directory, and
// is understood the same when it is sent on.
func FuzzParseRequest(f *testing.F) {
	for _, text := range []string{"list", "get a", "get ../a", "get a b\n 7 " + helloMD5, "get /a", "get a\x00", "get a \n 7 " + helloMD5, "get 诗/套接字.txt"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, msg []byte) {
		r, err := parseRequest(msg)
		if err != nil {
			assert.NotContains(t, err.Error(), "\n")
			return
		}
		if r.list {
			return
		}
		below := path.Join("/dir", r.name)
		assert.True(t, strings.HasPrefix(below, "/dir/"))
		assert.Equal(t, "/dir/"+r.name, below, "the name says where it leads")
		assert.GreaterOrEqual(t, r.offset, int64(0))
		again, err := parseRequest([]byte("get " + r.name))
		assert.NoError(t, err)
		assert.Equal(t, r.name, again.name)
	})
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
