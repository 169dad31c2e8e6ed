package sticky

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSeveralSendsCanArriveInOneRead(t *testing.T) {
	client, server := connected(t)
	for _, msg := range []string{"one", "two", "three"} {
		send(t, client, msg)
	}
	assert.Equal(t, []string{"onetwothree"}, reads(t, server, 1024, 11))
}

func TestOneSendCanArriveInSeveralReads(t *testing.T) {
	client, server := connected(t)
	send(t, client, xs(3000))
	assert.Equal(t, []string{xs(1024), xs(1024), xs(952)}, reads(t, server, 1024, 3000))
}

func TestUDPHasNeitherForOneSendIsOneRead(t *testing.T) {
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	defer server.Close()
	client, err := net.Dial("udp", server.LocalAddr().String())
	require.NoError(t, err)
	defer client.Close()
	require.NoError(t, server.SetReadDeadline(time.Now().Add(patience)))
	for _, msg := range messages {
		send(t, client, msg)
	}
	buf := make([]byte, 64<<10)
	for _, msg := range messages {
		n, _, err := server.ReadFrom(buf)
		require.NoError(t, err)
		assert.Equal(t, msg, string(buf[:n]))
	}
}

// No buffer gives back the four messages.
func TestABiggerBufferOnlyMovesTheProblem(t *testing.T) {
	for size, want := range map[int][]int{
		1024: {1024, 1024, 963}, 2048: {2048, 963}, 3000: {3000, 11}, 3011: {3011}, 8096: {3011}, 1 << 20: {3011},
	} {
		client, server := connected(t)
		for _, msg := range messages {
			send(t, client, msg)
		}
		var lengths []int
		for _, piece := range reads(t, server, size, 3011) {
			lengths = append(lengths, len(piece))
		}
		assert.Equal(t, want, lengths, "a buffer of %d bytes", size)
	}
}

func TestReadTakesWhatIsThereAndReadFullReadsOn(t *testing.T) {
	client, server := connected(t)
	buf := make([]byte, 4)
	send(t, client, "he")
	n, err := server.Read(buf)
	require.NoError(t, err)
	assert.Equal(t, "he", string(buf[:n]), "2 of the 4 bytes that were asked for")

	send(t, client, "lloh")
	n, err = io.ReadFull(iotest.OneByteReader(server), buf) // as if each came alone
	require.NoError(t, err)
	assert.Equal(t, "lloh", string(buf[:n]))
}

func TestAFrameIsTheLengthOfTheHeaderThenTheHeaderThenTheBody(t *testing.T) {
	const header = `{"file_name":"a.txt","file_size":5,"md5":"5d41402abc4b2a76b9719d911017c592"}`
	require.Len(t, header, 76)
	assert.Equal(t, "\x4c\x00\x00\x00"+header+"hello", string(encode(t, message("a.txt", "hello"))))
}

func TestFramesDribbledAByteAtATimeReadTheSame(t *testing.T) {
	for name := range framings {
		var wire bytes.Buffer
		out := framed(t, name, &wire)
		for _, msg := range messages {
			require.NoError(t, out.write([]byte(msg)))
		}
		for _, dribble := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader} {
			in := stream{dribble(bytes.NewReader(wire.Bytes())), nil}
			assert.Equal(t, messages, all(t, framed(t, name, in)), name)
		}
	}
}

func TestTheEndOfTheStreamInsideAMessageIsToldFromOneBetweenTwo(t *testing.T) {
	for name := range framings {
		var wire bytes.Buffer
		require.NoError(t, framed(t, name, &wire).write([]byte("hello")))
		whole := wire.Bytes()
		for cut := range len(whole) + 1 {
			in := framed(t, name, bytes.NewBuffer(whole[:cut]))
			msg, err := in.read()
			switch cut {
			case 0:
				require.Equal(t, io.EOF, err, name)
			case len(whole):
				require.Equal(t, "hello", string(msg), name)
				_, err = in.read()
				require.Equal(t, io.EOF, err, name)
			default:
				require.Equal(t, io.ErrUnexpectedEOF, err, "%s, cut after byte %d", name, cut)
			}
		}
	}
}

func TestALengthReadInTheWrongOrderIsAnotherLength(t *testing.T) {
	wire := binary.BigEndian.AppendUint32(nil, 24)
	assert.EqualValues(t, 402653184, binary.LittleEndian.Uint32(wire))
	assert.Equal(t, "402653184", python(t, "struct.unpack('<i', struct.pack('!i', 24))[0]"))
	_, err := NewFrameReader(bytes.NewReader(wire)).Next()
	assert.ErrorIs(t, err, ErrHeaderTooLong, "and the bound on a header's length tells it")
}

func TestADelimiterAndAFixedSizeDrawTheBoundaryToo(t *testing.T) {
	for name, on := range map[string]string{
		"line":  "hello\nbye\n",
		"fixed": "hello" + strings.Repeat("\x00", recordSize-5) + "bye" + strings.Repeat("\x00", recordSize-3),
	} {
		var wire bytes.Buffer
		f := framed(t, name, &wire)
		require.NoError(t, f.write([]byte("hello")))
		require.NoError(t, f.write([]byte("bye")))
		assert.Equal(t, on, wire.String(), name)
		assert.Equal(t, []string{"hello", "bye"}, all(t, f), name)
	}
}
