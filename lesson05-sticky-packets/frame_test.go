package sticky

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A frame is one as a test has it: its header and its body.
type frame struct {
	header Header
	body   string
}

// message is a frame that is named and whose md5 need not be right, which is no
// business of a FrameReader.
func message(name, body string) frame {
	return frame{Header{FileName: name, FileSize: int64(len(body)), MD5: "5d41402abc4b2a76b9719d911017c592"}, body}
}

// encode returns the bytes of frames, one after the other.
func encode(t testing.TB, frames ...frame) []byte {
	t.Helper()
	var stream bytes.Buffer
	out := NewFrameWriter(&stream)
	for _, f := range frames {
		require.NoError(t, out.Write(f.header, strings.NewReader(f.body)))
	}
	return stream.Bytes()
}

// decode reads frames from in up to an error, which is io.EOF at the end.
func decode(in io.Reader) (frames []frame, err error) {
	reader := NewFrameReader(in)
	for {
		header, err := reader.Next()
		if err != nil {
			return frames, err
		}
		body, err := io.ReadAll(reader)
		if err != nil {
			return frames, err
		}
		frames = append(frames, frame{header, string(body)})
	}
}

// someFrames have bodies of all kinds.
var someFrames = []frame{
	message("message", "hello"),
	message("empty", ""),
	message("走了", "\x00\xff\n{\"file_name\""),
	message("", xs(5000)),
	message("a frame in a frame", "\x08\x00\x00\x00{\"a\": 1}"),
}

func TestAFrameComesBackAsItWasWritten(t *testing.T) {
	for _, size := range []int{0, 1, 4095, 4096, 4097, smallBody - 1, smallBody, smallBody + 1, 1_000_000} {
		want := message("走了.txt", xs(size))
		frames, err := decode(bytes.NewReader(encode(t, want)))
		require.ErrorIs(t, err, io.EOF)
		require.Equal(t, []frame{want}, frames)
	}
	frames, err := decode(iotest.OneByteReader(bytes.NewReader(encode(t, someFrames...))))
	require.ErrorIs(t, err, io.EOF)
	require.Equal(t, someFrames, frames, "several, written at once and read a byte at a time")
}

func TestAFrameReaderTellsAnEndAtAnyByteOfAFrameFromOneBetweenTwo(t *testing.T) {
	first, second := message("first", "hello"), message("second", "hello again")
	between := len(encode(t, first))
	stream := encode(t, first, second)
	for cut := range len(stream) + 1 {
		for _, in := range []io.Reader{
			bytes.NewReader(stream[:cut]), iotest.OneByteReader(bytes.NewReader(stream[:cut])),
			iotest.DataErrReader(bytes.NewReader(stream[:cut])),
		} {
			frames, err := decode(in)
			switch cut {
			case 0, between, len(stream):
				assert.Equal(t, io.EOF, err, "cut after byte %d", cut)
			default:
				assert.ErrorIs(t, err, io.ErrUnexpectedEOF, "cut after byte %d", cut)
				assert.NotErrorIs(t, err, io.EOF)
			}
			whole := []frame{first, second}[:len(frames)]
			assert.True(t, slices.Equal(whole, frames), "what came before is whole")
		}
	}
}

func TestAnErrorOfTheStreamIsPassedOnAtEveryByte(t *testing.T) {
	broken := errors.New("the line is broken")
	stream := encode(t, message("message", "hello"))
	for cut := range stream {
		_, err := decode(io.MultiReader(bytes.NewReader(stream[:cut]), iotest.ErrReader(broken)))
		assert.ErrorIs(t, err, broken, "broken after byte %d", cut)
	}
}

func TestABodyThatIsNotReadIsPassedOver(t *testing.T) {
	for _, much := range []int64{0, 1, 4999, 5000} {
		reader := NewFrameReader(bytes.NewReader(encode(t, message("long", xs(5000)), message("next", "hello"))))
		_, err := reader.Next()
		require.NoError(t, err)
		_, err = io.CopyN(io.Discard, reader, much)
		require.NoError(t, err)
		header, err := reader.Next()
		require.NoError(t, err)
		assert.Equal(t, "next", header.FileName, "after %d of 5000 bytes", much)
		body, err := io.ReadAll(reader)
		require.NoError(t, err)
		assert.Equal(t, "hello", string(body))
	}
}

func TestReadEndsWhereTheBodyEnds(t *testing.T) {
	reader := NewFrameReader(bytes.NewReader(encode(t, message("a", "hello"), message("b", "more"))))
	n, err := reader.Read(make([]byte, 10))
	assert.Zero(t, n)
	assert.Equal(t, io.EOF, err, "before the first frame there is no body")
	_, err = reader.Next()
	require.NoError(t, err)
	buf := make([]byte, 10)
	n, err = io.ReadFull(reader, buf)
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF, "io.ReadFull's, for 10 bytes there are not")
	assert.Equal(t, "hello", string(buf[:n]))
	n, err = reader.Read(buf)
	assert.Zero(t, n)
	assert.Equal(t, io.EOF, err)
}

// A lastWithEOF reader says with its last bytes that they are, as a Reader may.
type lastWithEOF struct{ rest []byte }

func (l *lastWithEOF) Read(p []byte) (int, error) {
	n := copy(p, l.rest)
	if l.rest = l.rest[n:]; len(l.rest) == 0 {
		return n, io.EOF
	}
	return n, nil
}

func TestAnEndThatComesWithTheLastBytesIsNotEarly(t *testing.T) {
	want := message("long", xs(20_000)) // more than a bufio.Reader's buffer, which it then passes by
	reader := NewFrameReader(&lastWithEOF{encode(t, want)})
	_, err := reader.Next()
	require.NoError(t, err)
	var body strings.Builder
	_, err = io.CopyBuffer(onlyWriter{&body}, reader, make([]byte, 32<<10))
	require.NoError(t, err)
	assert.Equal(t, want.body, body.String())
	_, err = reader.Next()
	assert.Equal(t, io.EOF, err)
}

// An endless reader gives as many x as are asked for.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// The body is announced with 1 TiB. What is read of it, a few MiB, takes a fixed
// amount of memory, and so would the rest.
func TestABodyLargerThanMemoryStreams(t *testing.T) {
	const announced, streamed = 1 << 40, 8 << 20
	var head bytes.Buffer
	text := `{"file_name":"huge","file_size":1099511627776,"md5":""}`
	head.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(text))))
	head.WriteString(text)
	reader := NewFrameReader(io.MultiReader(&head, endless{}))
	header, err := reader.Next()
	require.NoError(t, err)
	require.EqualValues(t, announced, header.FileSize)
	buf := make([]byte, 64<<10)
	read := allocated(func() { _, err = io.CopyBuffer(onlyWriter{io.Discard}, io.LimitReader(reader, streamed), buf) })
	require.NoError(t, err)
	assert.Less(t, read, 64<<10, "bytes allocated to read 8 MiB")

	writer := NewFrameWriter(onlyWriter{failAfter(streamed)})
	wrote := allocated(func() { err = writer.Write(Header{FileSize: announced}, endless{}) })
	assert.ErrorIs(t, err, errFull)
	assert.Less(t, wrote, 64<<10, "bytes allocated to write 8 MiB")
}

func TestANameThatIsNoUTF8IsMadeSo(t *testing.T) {
	frames, err := decode(bytes.NewReader(encode(t, message("a\xffb", ""))))
	require.Equal(t, io.EOF, err)
	assert.Equal(t, "a\ufffdb", frames[0].header.FileName)
}
