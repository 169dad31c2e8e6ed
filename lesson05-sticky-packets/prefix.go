package sticky

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

// prefixFraming puts the length of each message in front of it:
//
//	bytes  content
//	4      n, the length of the message: a uint32, big-endian
//	n      the message, any bytes
//
// It costs 4 bytes a message and carries anything.
type prefixFraming struct {
	in     *bufio.Reader
	out    io.Writer
	length [4]byte
	msg    []byte
	frame  []byte
}

func newPrefixFraming(conn io.ReadWriter) *prefixFraming {
	return &prefixFraming{in: bufio.NewReader(conn), out: conn}
}

func (f *prefixFraming) write(msg []byte) error {
	if len(msg) > maxMessage {
		return fmt.Errorf("%w: %d bytes", errMessageTooLong, len(msg))
	}
	f.frame = binary.BigEndian.AppendUint32(f.frame[:0], uint32(len(msg)))
	if len(msg) > smallBody { // to copy it would cost more than a second Write
		if _, err := f.out.Write(f.frame); err != nil {
			return err
		}
		_, err := f.out.Write(msg)
		return err
	}
	f.frame = append(f.frame, msg...)
	_, err := f.out.Write(f.frame)
	return err
}

func (f *prefixFraming) read() ([]byte, error) {
	if _, err := io.ReadFull(f.in, f.length[:]); err != nil {
		return nil, err // io.EOF before the first byte, io.ErrUnexpectedEOF after it
	}
	length := binary.BigEndian.Uint32(f.length[:])
	if length > maxMessage {
		return nil, fmt.Errorf("%w: %d bytes", errMessageTooLong, length)
	}
	f.msg = slices.Grow(f.msg[:0], int(length))[:length]
	_, err := io.ReadFull(f.in, f.msg)
	return f.msg, unexpected(err)
}
