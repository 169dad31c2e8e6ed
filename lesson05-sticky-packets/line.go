package sticky

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// lineFraming ends each message with a line break. It can be read and typed by
// people, costs a byte a message and a look at every byte, and carries no
// message that has a line break in it or a return at its end: telnet, and whoever
// else types by the old rule, ends a line with both.
type lineFraming struct {
	in   *bufio.Scanner
	out  io.Writer
	line []byte
}

func newLineFraming(conn io.ReadWriter) *lineFraming {
	in := bufio.NewScanner(conn)
	in.Buffer(nil, maxMessage+len("\r\n")) // without this the longest line has 64 KiB
	in.Split(splitLine)
	return &lineFraming{in: in, out: conn}
}

// splitLine takes a return before the line break for a part of it, as
// bufio.ScanLines does. It differs in that what stands after the last line break
// is not a message but the torn beginning of one. It also bounds a message, with
// or without a return: the buffer has room for both.
func splitLine(data []byte, atEOF bool) (advance int, line []byte, err error) {
	raw, _, ended := bytes.Cut(data, []byte("\n"))
	line = bytes.TrimSuffix(raw, []byte("\r"))
	switch {
	case len(line) > maxMessage:
		return 0, nil, bufio.ErrTooLong
	case ended:
		return len(raw) + 1, line, nil
	case atEOF && len(data) > 0:
		return 0, nil, io.ErrUnexpectedEOF
	}
	return 0, nil, nil
}

func (f *lineFraming) write(msg []byte) error {
	if len(msg) > maxMessage {
		return fmt.Errorf("%w: %d bytes", errMessageTooLong, len(msg))
	}
	if bytes.IndexByte(msg, '\n') >= 0 {
		return fmt.Errorf("%w: it has a line break in it", errUnsendable)
	}
	if bytes.HasSuffix(msg, []byte("\r")) {
		return fmt.Errorf("%w: it ends with a return, which would go with the line break", errUnsendable)
	}
	f.line = append(append(f.line[:0], msg...), '\n')
	_, err := f.out.Write(f.line)
	return err
}

func (f *lineFraming) read() ([]byte, error) {
	if f.in.Scan() {
		return f.in.Bytes(), nil
	}
	switch err := f.in.Err(); { // nil at the end: a Scanner does not say why it stops unless it is asked
	case err == nil:
		return nil, io.EOF
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("%w: %w", errMessageTooLong, err)
	default:
		return nil, err
	}
}
