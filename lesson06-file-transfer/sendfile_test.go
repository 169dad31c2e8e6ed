package transfer

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A readingConn keeps what io.Copy lets it read from.
type readingConn struct {
	net.Conn
	from io.Reader
}

func (c *readingConn) ReadFrom(r io.Reader) (int64, error) {
	c.from = r
	return io.Copy(io.Discard, r)
}

func (c *readingConn) SetWriteDeadline(time.Time) error { return nil }

func TestTheBareConnectionIsHandedTheBareFile(t *testing.T) {
	file, err := os.Open(filepath.Join(shared(t), "hello.txt"))
	require.NoError(t, err)
	defer file.Close()
	conn := new(readingConn)
	n, err := limit(context.Background(), conn, time.Minute).sendFile(file, 6, 4)
	require.NoError(t, err)
	assert.EqualValues(t, 4, n)
	require.IsType(t, new(io.LimitedReader), conn.from)
	assert.Same(t, file, conn.from.(*io.LimitedReader).R, "else io.Copy would read and write itself")
}

func TestAFileThatHasFewerBytesIsEOF(t *testing.T) {
	file, err := os.Open(filepath.Join(shared(t), "hello.txt"))
	require.NoError(t, err)
	defer file.Close()
	n, err := limit(context.Background(), new(readingConn), time.Minute).sendFile(file, 6, 27)
	assert.Equal(t, io.EOF, err)
	assert.EqualValues(t, 26, n)
	require.NoError(t, file.Close())
	_, err = limit(context.Background(), new(readingConn), time.Minute).sendFile(file, 0, 1)
	assert.ErrorIs(t, err, os.ErrClosed)
}
