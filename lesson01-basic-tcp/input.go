package basictcp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// maxMessage is the longest line that can be sent, in bytes: as much as the
// other side takes with its one recv(1024).
const maxMessage = 1024

// readMessage reads the first line from in that is not empty, without its line
// ending. An empty one is passed over: sending it would send nothing, and both
// sides would wait. It returns nil when in ends first, and an error for a line
// of more than maxMessage bytes.
func readMessage(in io.Reader) ([]byte, error) {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if len(lines.Bytes()) > maxMessage {
			return nil, fmt.Errorf("cannot send %d bytes: a message has at most %d", len(lines.Bytes()), maxMessage)
		}
		if len(lines.Bytes()) > 0 {
			return lines.Bytes(), nil
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return nil, fmt.Errorf("cannot send that much: a message has at most %d bytes: %w", maxMessage, lines.Err())
	}
	return nil, lines.Err()
}
