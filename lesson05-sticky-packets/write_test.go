package sticky

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A stream is what is read and what is written, each with a mind of its own.
type stream struct {
	io.Reader
	io.Writer
}

// A counting writer counts the calls of Write and the bytes.
type counting struct{ calls, bytes int }

func (c *counting) Write(p []byte) (int, error) {
	c.calls++
	c.bytes += len(p)
	return len(p), nil
}

// onlyWriter hides what else a writer can do, as a socket's limits do.
type onlyWriter struct{ io.Writer }

var errFull = errors.New("no room any more")

// failAfter returns a writer that takes count bytes and then fails.
func failAfter(count int) io.Writer { return &failing{count} }

type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if len(p) > f.left {
		n := f.left
		f.left = 0
		return n, errFull
	}
	f.left -= len(p)
	return len(p), nil
}

func TestASmallFrameIsOneWrite(t *testing.T) {
	for size, calls := range map[int]int{0: 1, 1: 1, 3000: 1, 32 << 10: 1, 32<<10 + 1: 3} {
		var out counting
		f := message("message", xs(size))
		require.NoError(t, NewFrameWriter(&out).Write(f.header, strings.NewReader(f.body)))
		assert.Equal(t, calls, out.calls, "a body of %d bytes", size)
		assert.Equal(t, len(encode(t, f)), out.bytes)
	}
}

func TestABodyThatIsLongerThanItsSizeIsReadNoFurther(t *testing.T) {
	for _, size := range []int64{5, smallBody + 1} {
		body := strings.NewReader(xs(int(size)) + "rest")
		require.NoError(t, NewFrameWriter(io.Discard).Write(Header{FileSize: size}, body))
		rest, err := io.ReadAll(body)
		require.NoError(t, err)
		assert.Equal(t, "rest", string(rest))
	}
}

func TestABodyThatEndsEarlyIsAnErrorAndASmallOneIsNotBegun(t *testing.T) {
	for _, size := range []int64{1, 5, smallBody, smallBody + 1, 100_000} {
		for _, there := range []int{0, int(size) - 1} {
			var out counting
			err := NewFrameWriter(&out).Write(Header{FileSize: size}, strings.NewReader(xs(there)))
			assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
			assert.Equal(t, size > smallBody, out.bytes > 0, "%d of %d bytes", there, size)
		}
	}
}

func TestANegativeSizeIsNotWritten(t *testing.T) {
	var out counting
	err := NewFrameWriter(&out).Write(Header{FileSize: -1}, strings.NewReader(""))
	assert.ErrorIs(t, err, ErrNegativeSize)
	assert.Zero(t, out.calls)
}

func TestAnErrorOfTheWriterIsPassedOn(t *testing.T) {
	for _, size := range []int{5, 100_000} {
		f := message("message", xs(size))
		for _, room := range []int{0, 3, 50, 80} {
			err := NewFrameWriter(failAfter(room)).Write(f.header, strings.NewReader(f.body))
			assert.ErrorIs(t, err, errFull, "room for %d bytes of a body of %d", room, size)
		}
	}
}
