package transfer

import (
	"io"
	"os"

	"example.com/gosockets/lesson06-file-transfer/internal/guard"
)

// sendContent sends n bytes of file, from offset on. It hands the bare connection
// and the bare file to io.CopyN: only then does the kernel copy from one to the
// other itself (sendfile), and nothing passes through this program's memory. A
// file that has fewer bytes is io.EOF.
func sendContent(conn *guard.Conn, file *os.File, offset, n int64) (sent int64, err error) {
	return conn.Send(func(sent int64) (int64, error) {
		// A turn that ended early may have read more than it wrote.
		if _, err := file.Seek(offset+sent, io.SeekStart); err != nil {
			return 0, err
		}
		return io.CopyN(conn.Conn, file, n-sent)
	})
}
