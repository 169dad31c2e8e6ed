package sticky

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
)

// recordSize is the size of every message in fixed framing, in bytes.
const recordSize = 4096

var zeros [64]byte

// fixedFraming makes every message equally long, by adding zeros. Its reader
// needs no thought; it wastes what a message does not fill, and carries no
// message that is longer or ends with a zero itself.
type fixedFraming struct {
	in     *bufio.Reader
	out    io.Writer
	record [recordSize]byte // read
	padded [recordSize]byte // to write
}

func newFixedFraming(conn io.ReadWriter) *fixedFraming {
	return &fixedFraming{in: bufio.NewReader(conn), out: conn}
}

func (f *fixedFraming) write(msg []byte) error {
	if len(msg) > recordSize {
		return fmt.Errorf("%w: %d bytes", errMessageTooLong, len(msg))
	}
	if bytes.HasSuffix(msg, []byte{0}) {
		return fmt.Errorf("%w: it ends with a zero", errUnsendable)
	}
	clear(f.padded[copy(f.padded[:], msg):])
	_, err := f.out.Write(f.padded[:])
	return err
}

func (f *fixedFraming) read() ([]byte, error) {
	if _, err := io.ReadFull(f.in, f.record[:]); err != nil {
		return nil, err // io.EOF before the first byte, io.ErrUnexpectedEOF after it
	}
	msg := f.record[:]
	for bytes.HasSuffix(msg, zeros[:]) { // far quicker than one by one
		msg = msg[:len(msg)-len(zeros)]
	}
	return bytes.TrimRight(msg, "\x00"), nil
}
