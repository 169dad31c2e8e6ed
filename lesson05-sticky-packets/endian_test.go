package sticky

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// python returns what a line of Python prints. It finds Python as startPython does.
func python(t *testing.T, code string) string {
	t.Helper()
	python, err := pythonPath()
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("needs python3, which is not here")
	}
	require.NoError(t, err)
	out, err := exec.Command(python, "-c", "import struct, sys\nprint("+code+")").CombinedOutput()
	require.NoError(t, err, string(out))
	return strings.TrimSpace(string(out))
}

func TestTheSameNumberHasItsBytesInOneOrderOrTheOther(t *testing.T) {
	assert.Equal(t, []byte{0x18, 0x00, 0x00, 0x00}, binary.LittleEndian.AppendUint32(nil, 24), "the least first")
	assert.Equal(t, []byte{0x00, 0x00, 0x00, 0x18}, binary.BigEndian.AppendUint32(nil, 24), "the greatest first")
	assert.Equal(t, []byte{0x04, 0x03, 0x02, 0x01}, binary.LittleEndian.AppendUint32(nil, 0x01020304))
	assert.Equal(t, []byte{0x01, 0x02, 0x03, 0x04}, binary.BigEndian.AppendUint32(nil, 0x01020304))
}

func TestPythonsFormatsAreGosByteOrders(t *testing.T) {
	for format, order := range map[string]binary.AppendByteOrder{
		"<i": binary.LittleEndian,
		">i": binary.BigEndian,
		"!i": binary.BigEndian,    // the network's
		"i":  binary.NativeEndian, // the sender's own, whatever that is
		"=i": binary.NativeEndian,
	} {
		packed := python(t, "list(struct.pack('"+format+"', 24))")
		bytes := strings.ReplaceAll(strings.Trim(packed, "[]"), ", ", " ")
		assert.Equal(t, "["+bytes+"]", fmt.Sprint(order.AppendUint32(nil, 24)), format)
	}
}

// 'i' says neither order nor size: both are the machine's.
func TestStructPackUsesTheSendersNativeByteOrder(t *testing.T) {
	native := python(t, "sys.byteorder, struct.calcsize('i')")
	assert.Contains(t, []string{"little 4", "big 4"}, native)
	little := binary.NativeEndian.Uint16([]byte{1, 0}) == 1
	assert.Equal(t, little, native == "little 4", "Python and Go see the same machine")
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
	assert.Equal(t, "5", python(t, `struct.unpack('!I', b'\x00\x00\x00\x05')[0]`))
}

func TestALengthReadInTheWrongOrderIsAnotherLength(t *testing.T) {
	wire := binary.BigEndian.AppendUint32(nil, 24)
	assert.EqualValues(t, 402653184, binary.LittleEndian.Uint32(wire))
	assert.Equal(t, "402653184", python(t, "struct.unpack('<i', struct.pack('!i', 24))[0]"))
	_, err := NewFrameReader(strings.NewReader(string(wire))).Next()
	assert.ErrorIs(t, err, ErrHeaderTooLong, "and the bound on a header's length tells it")
	assert.EqualValues(t, -128, int32(binary.LittleEndian.Uint32([]byte{0x80, 0xff, 0xff, 0xff})))
}
