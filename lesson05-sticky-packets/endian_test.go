package sticky

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPythonsFormatsAreGosByteOrders(t *testing.T) {
	little, big, native := "18 00 00 00", "00 00 00 18", fmt.Sprintf("% x", binary.NativeEndian.AppendUint32(nil, 24))
	assert.Equal(t, little, fmt.Sprintf("% x", binary.LittleEndian.AppendUint32(nil, 24)))
	assert.Equal(t, big, fmt.Sprintf("% x", binary.BigEndian.AppendUint32(nil, 24)))
	packed := python(t, `', '.join(struct.pack(f, 24).hex(' ') for f in ('<i', '>i', '!i', 'i', '=i'))`)
	assert.Equal(t, strings.Join([]string{little, big, big, native, native}, ", "), packed,
		"! is the network's order, and i without a sign the sender's own")
}

func TestAFramesLengthIsLittleEndianOnEveryMachine(t *testing.T) {
	stream := encode(t, message("a", ""))
	assert.EqualValues(t, len(stream)-4, binary.LittleEndian.Uint32(stream))
	assert.Equal(t, []byte{0, 0, 0}, stream[1:4])
}

func TestAPrefixIsInTheNetworksByteOrder(t *testing.T) {
	var out strings.Builder
	require.NoError(t, framed(t, "prefix", stream{nil, &out}).write([]byte("hello")))
	assert.Equal(t, "\x00\x00\x00\x05hello", out.String())
}
