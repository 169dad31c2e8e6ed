package sticky

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

var bufferSizes = []int{16, 512, 1024, 8096, 64 << 10, 1 << 20}

func TestWhateverTheBufferALongerMessageIsTorn(t *testing.T) {
	for _, size := range bufferSizes {
		t.Run(fmt.Sprint(size, " bytes"), func(t *testing.T) {
			client, server := connected(t)
			go client.Write([]byte(xs(size + 1))) // beside the reading: it may be more than the kernel holds
			pieces := reads(t, server, size, size+1)
			assert.Greater(t, len(pieces), 1, "Read returns no more than the buffer holds")
		})
	}
}

func TestWhateverTheBufferShorterMessagesAreJoined(t *testing.T) {
	for _, size := range bufferSizes {
		t.Run(fmt.Sprint(size, " bytes"), func(t *testing.T) {
			client, server := connected(t)
			send(t, client, "one")
			send(t, client, "two")
			send(t, client, "three")
			assert.Equal(t, []string{"onetwothree"}, reads(t, server, size, 11))
		})
	}
}

// The messages are the demonstration's. No buffer gives back four of them.
func TestABiggerBufferOnlyMovesTheProblem(t *testing.T) {
	for size, pieces := range map[int][]int{
		1024: {1024, 1024, 963},
		2048: {2048, 963},
		3000: {3000, 11},
		3011: {3011},
		8096: {3011},
	} {
		t.Run(fmt.Sprint(size, " bytes"), func(t *testing.T) {
			client, server := connected(t)
			for _, msg := range messages {
				send(t, client, msg)
			}
			var lengths []int
			for _, piece := range reads(t, server, size, 3011) {
				lengths = append(lengths, len(piece))
			}
			assert.Equal(t, pieces, lengths)
		})
	}
}
