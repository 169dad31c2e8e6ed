package transfer

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAHashComputesBesideTheWriter(t *testing.T) {
	nothingLeft(t)
	h := newBesideHash()
	piece := []byte(hello[:10])
	n, err := h.Write(piece)
	assert.Equal(t, 10, n)
	assert.NoError(t, err)
	copy(piece, "overwritten") // the hash has a copy
	n, err = h.Write([]byte(hello[10:]))
	assert.Equal(t, 22, n)
	assert.NoError(t, err)
	assert.Equal(t, helloMD5, h.sum())
	assert.Equal(t, helloMD5, h.sum(), "as often as it is asked")
	big := newBesideHash()
	n, err = big.Write([]byte(strings.Repeat("x", 3_000_000))) // more than fits in its pieces
	assert.Equal(t, 3_000_000, n)
	assert.NoError(t, err)
	assert.Equal(t, "8e32e22642bddc89698e25a4e9bf528b", big.sum())
}

func TestAHashHoldsNoMoreThan4PiecesOf256KiB(t *testing.T) {
	h := newBesideHash()
	h.Write(make([]byte, 5<<20))
	h.sum()
	close(h.free)
	total := 0
	for piece := range h.free {
		total += cap(piece)
	}
	assert.LessOrEqual(t, total, 1<<20)
	assert.GreaterOrEqual(t, total, 256<<10)
}
