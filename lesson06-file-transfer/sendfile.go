package transfer

import (
	"errors"
	"io"
	"os"
)

// sendFile writes n bytes of file, from offset on. It hands the bare connection
// and the bare file to io.CopyN: only then does the kernel copy from one to the
// other itself (sendfile), and nothing passes through this program's memory. A
// file that has fewer bytes is io.EOF. It has the bounds of limit: a peer that
// takes nothing for a timeout is dropped, and one that is slow is not.
func (c *limitedConn) sendFile(file *os.File, offset, n int64) (sent int64, err error) {
	for {
		// A copy that was interrupted may have read more than it wrote.
		if _, err := file.Seek(offset+sent, io.SeekStart); err != nil {
			return sent, err
		}
		if err := c.setWriteDeadline(); err != nil {
			return sent, err
		}
		moved, err := io.CopyN(c.Conn, file, n-sent)
		sent += moved
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return sent, err
		}
		if moved == 0 || c.leaving() {
			return sent, c.timedOut("took nothing")
		}
	}
}
