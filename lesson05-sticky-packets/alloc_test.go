package sticky

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// maxAllocations is how often a frame with a JSON header may allocate, written
// and read once the buffers have grown. PROOF.md says the number too. (The race
// detector adds two.)
const maxAllocations = 25

// perMessage returns how often a message allocates, written and read in framing.
func perMessage(t testing.TB, name string, msg []byte) float64 {
	t.Helper()
	var wire bytes.Buffer
	f := framed(t, name, &wire)
	pass := func() {
		if err := f.write(msg); err != nil {
			panic(err)
		}
		if got, err := f.read(); err != nil || len(got) != len(msg) {
			panic(err)
		}
	}
	pass() // the buffers grow
	return testing.AllocsPerRun(100, pass)
}

func TestAFramingWithoutJSONAllocatesNothingInTheSteadyState(t *testing.T) {
	for _, name := range []string{"prefix", "line", "fixed"} {
		for _, size := range []int{1, 64, 1000} {
			assert.Zero(t, perMessage(t, name, []byte(xs(size))), "%s, %d bytes", name, size)
		}
	}
	for _, name := range []string{"prefix", "line"} {
		assert.Zero(t, perMessage(t, name, []byte(xs(maxMessage))), name)
	}
}

func TestAFrameAllocatesForItsHeaderAndNotForItsBody(t *testing.T) {
	for _, size := range []int{0, 64, 4096, smallBody} {
		assert.LessOrEqual(t, perMessage(t, "header", []byte(xs(size))), float64(maxAllocations+2), "%d bytes", size)
	}
}

func TestAFrameReaderAllocatesOnlyForTheHeadersJSON(t *testing.T) {
	one := encode(t, message("message", xs(4096)))
	in := bytes.NewReader(nil)
	reader := NewFrameReader(in)
	read := testing.AllocsPerRun(100, func() {
		in.Reset(one)
		if _, err := reader.Next(); err != nil {
			panic(err)
		}
		if n, err := io.Copy(io.Discard, reader); n != 4096 || err != nil {
			panic(err)
		}
	})
	text := one[4 : len(one)-4096]
	parsed := testing.AllocsPerRun(100, func() {
		if _, err := parseHeader(text); err != nil {
			panic(err)
		}
	})
	require.NotZero(t, parsed)
	assert.LessOrEqual(t, read, parsed+1, "(the race detector adds one)")
}
