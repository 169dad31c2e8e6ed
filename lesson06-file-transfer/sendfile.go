package transfer

import (
	"context"
	"fmt"
	"io"
	"os"

	"example.com/gosockets/lesson06-file-transfer/internal/guard"
	"example.com/gosockets/lesson06-file-transfer/internal/journal"
)

// sendFile answers with a header and the content, or with the reason why not.
func (s *Server) sendFile(ctx context.Context, conn *guard.Conn, log *journal.Journal, r request) error {
	file, info, err := open(s.Root, r.name)
	if err != nil {
		return refuse(conn, log, err)
	}
	defer file.Close()
	h := header{FileName: r.name, FileSize: info.Size()}
	if h.MD5, err = s.checksum(ctx, r.name, file, info); err != nil {
		return refuse(conn, log, err)
	}
	if r.md5 == h.MD5 && r.offset <= h.FileSize { // the same file still: go on where the client is
		h.Offset = r.offset
	}
	if err := writeHeader(conn, h); err != nil {
		return err
	}
	n, err := sendContent(conn, file, h.Offset, h.FileSize-h.Offset)
	if err == io.EOF { // the header has promised more: only closing can tell the client
		return fmt.Errorf("%q has shrunk to %d bytes while it was sent", r.name, h.Offset+n)
	}
	if err == nil {
		log.Show(fmt.Sprintf("has %q: %d bytes from %d on", r.name, n, h.Offset))
	}
	return err
}

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
