package sticky

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// A Header describes the body of a frame. All three keys have to be there.
type Header struct {
	FileName string `json:"file_name"` // in UTF-8; what is not becomes U+FFFD
	FileSize int64  `json:"file_size"` // of the body, in bytes
	MD5      string `json:"md5"`       // of the body, in hexadecimal
}

// What a FrameReader does not accept. An end of the stream inside a frame is
// io.ErrUnexpectedEOF, and one between two frames io.EOF.
var (
	ErrNegativeLength = errors.New("the header's length is negative")
	ErrZeroLength     = errors.New("the header's length is zero")
	ErrHeaderTooLong  = errors.New("the header is too long")
	ErrNotJSON        = errors.New("the header is not a JSON object")
	ErrUnknownKey     = errors.New("the header has a key that is not known")
	ErrMissingKey     = errors.New("the header lacks a key")
	ErrBadValue       = errors.New("the header has a value of the wrong type")
	ErrNegativeSize   = errors.New("the body's size is negative")
	ErrBodyTooLong    = errors.New("the body is too long")
)

// A FrameReader takes a stream of frames apart. A frame is
//
//	bytes      content
//	4          n, the length of the header: an int32, little-endian
//	n          the header, a JSON object in UTF-8: {"file_name": string, "file_size": number, "md5": string}
//	file_size  the body, any bytes
//
// and the next frame follows at once. Call Next for each frame, and Read for its
// body, which is never held in memory as a whole. After an error the stream is of
// no use any more: nobody knows where in it the next frame begins.
type FrameReader struct {
	MaxHeader int   // the longest header to accept, in bytes; 0 means 64 KiB
	MaxBody   int64 // the longest body to accept, in bytes; 0 means 1 TiB

	in     *bufio.Reader
	length [4]byte
	header []byte
	left   int64 // of the body
}

// NewFrameReader returns a FrameReader that reads from in, and reads ahead.
func NewFrameReader(in io.Reader) *FrameReader {
	return &FrameReader{in: bufio.NewReader(in)}
}

// Next passes over what is left of the last body and reads the next header. It
// returns io.EOF if there is none.
func (f *FrameReader) Next() (Header, error) {
	if _, err := io.Copy(io.Discard, f); err != nil {
		return Header{}, err
	}
	if _, err := io.ReadFull(f.in, f.length[:]); err != nil {
		return Header{}, err // io.EOF before the first byte, io.ErrUnexpectedEOF after it
	}
	length := int32(binary.LittleEndian.Uint32(f.length[:]))
	switch { // before anything is allocated for it
	case length < 0:
		return Header{}, fmt.Errorf("%w: %d", ErrNegativeLength, length)
	case length == 0:
		return Header{}, ErrZeroLength
	case int(length) > cmp.Or(f.MaxHeader, 64<<10):
		return Header{}, fmt.Errorf("%w: %d bytes", ErrHeaderTooLong, length)
	}
	f.header = slices.Grow(f.header[:0], int(length))[:length]
	if _, err := io.ReadFull(f.in, f.header); err != nil {
		return Header{}, unexpected(err)
	}
	header, err := parseHeader(f.header)
	if err != nil {
		return Header{}, err
	}
	if header.FileSize > cmp.Or(f.MaxBody, 1<<40) {
		return Header{}, fmt.Errorf("%w: %d bytes", ErrBodyTooLong, header.FileSize)
	}
	f.left = header.FileSize
	return header, nil
}

// Read reads from the body of the frame that Next has begun. It returns io.EOF
// at the end of the body.
func (f *FrameReader) Read(p []byte) (int, error) {
	if f.left == 0 {
		return 0, io.EOF
	}
	n, err := f.in.Read(p[:min(int64(len(p)), f.left)])
	f.left -= int64(n)
	if f.left > 0 { // or else the stream may end here
		err = unexpected(err)
	}
	return n, err
}

// unexpected turns an EOF inside a frame into io.ErrUnexpectedEOF.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// parseHeader accepts the three keys, all of them, and no other.
func parseHeader(text []byte) (Header, error) {
	var values map[string]json.RawMessage
	if err := json.Unmarshal(text, &values); err != nil {
		return Header{}, fmt.Errorf("%w: %w", ErrNotJSON, err)
	}
	if values == nil {
		return Header{}, fmt.Errorf("%w: null", ErrNotJSON)
	}
	var header Header
	for _, field := range []struct {
		key  string
		into any
	}{{"file_name", &header.FileName}, {"file_size", &header.FileSize}, {"md5", &header.MD5}} {
		value, found := values[field.key]
		if !found {
			return Header{}, fmt.Errorf("%w: %s", ErrMissingKey, field.key)
		}
		if err := json.Unmarshal(value, field.into); err != nil || string(value) == "null" {
			return Header{}, fmt.Errorf("%w: %s", ErrBadValue, field.key)
		}
		delete(values, field.key)
	}
	for key := range values {
		return Header{}, fmt.Errorf("%w: %.40q", ErrUnknownKey, key)
	}
	if header.FileSize < 0 {
		return Header{}, fmt.Errorf("%w: %d", ErrNegativeSize, header.FileSize)
	}
	return header, nil
}

// smallBody is the longest body that is sent with its header in one Write.
const smallBody = 32 << 10

// A FrameWriter writes frames as a FrameReader reads them.
type FrameWriter struct {
	out   io.Writer
	frame []byte
}

// NewFrameWriter returns a FrameWriter that writes to out.
func NewFrameWriter(out io.Writer) *FrameWriter { return &FrameWriter{out: out} }

// Write writes one frame: header and header.FileSize bytes of body. A frame
// with a body of at most 32 KiB is one Write to the stream, so one system call
// on a socket. A body that ends early is io.ErrUnexpectedEOF, after which the
// stream is of no use any more unless the frame was small.
func (f *FrameWriter) Write(header Header, body io.Reader) error {
	if header.FileSize < 0 {
		return fmt.Errorf("%w: %d", ErrNegativeSize, header.FileSize)
	}
	text, err := json.Marshal(header)
	if err != nil {
		return err
	}
	f.frame = binary.LittleEndian.AppendUint32(f.frame[:0], uint32(len(text)))
	f.frame = append(f.frame, text...)
	if header.FileSize > smallBody {
		if _, err := f.out.Write(f.frame); err != nil {
			return err
		}
		_, err = io.CopyN(f.out, body, header.FileSize)
		return unexpected(err)
	}
	start := len(f.frame)
	f.frame = slices.Grow(f.frame, int(header.FileSize))[:start+int(header.FileSize)]
	if _, err := io.ReadFull(body, f.frame[start:]); err != nil {
		return unexpected(err)
	}
	_, err = f.out.Write(f.frame)
	return err
}
