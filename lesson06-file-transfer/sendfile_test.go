package transfer

import (
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/lesson06-file-transfer/internal/guard"
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

func (c *readingConn) Write(p []byte) (int, error) { return len(p), nil }

func (c *readingConn) SetWriteDeadline(time.Time) error { return nil }

func TestTheBareConnectionIsHandedTheBareFile(t *testing.T) {
	file, err := os.Open(filepath.Join(shared(t), "hello.txt"))
	require.NoError(t, err)
	defer file.Close()
	conn := new(readingConn)
	n, err := sendContent(guard.Limit(context.Background(), conn, time.Minute), file, 6, 4)
	require.NoError(t, err)
	assert.EqualValues(t, 4, n)
	require.IsType(t, new(io.LimitedReader), conn.from, "the bare connection was not asked to read the file: this program copies, and not the kernel")
	assert.Same(t, file, conn.from.(*io.LimitedReader).R, "else io.Copy would read and write itself")
}

func TestAFileThatHasFewerBytesIsEOF(t *testing.T) {
	file, err := os.Open(filepath.Join(shared(t), "hello.txt"))
	require.NoError(t, err)
	defer file.Close()
	n, err := sendContent(guard.Limit(context.Background(), new(readingConn), time.Minute), file, 6, 27)
	assert.Equal(t, io.EOF, err)
	assert.EqualValues(t, 26, n)
	require.NoError(t, file.Close())
	_, err = sendContent(guard.Limit(context.Background(), new(readingConn), time.Minute), file, 0, 1)
	assert.ErrorIs(t, err, os.ErrClosed)
}

// D18. A blocking send on Linux goes on until all is taken, unless a signal or a
// deadline comes in between: send then says how much it took, and the original
// does not look.
const sendOnce = `
import socket
a, b = socket.socketpair()
a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
a.setblocking(False)
print(a.send(b"x" * 10_000_000) < 10_000_000)
`

func TestSendMayTakeLessThanItIsGivenAndGosWriteGoesOn(t *testing.T) {
	if runtime.GOOS != "windows" { // whose send takes all
		output, err := exec.Command(python3(t), "-c", sendOnce).Output()
		require.NoError(t, err)
		assert.Equal(t, "True\n", string(output))
	}
	place := newPlace(t)
	content := random(8 << 20) // more than the two kernels hold
	write(t, place.share, "big", content)
	for _, kind := range []string{"plain", "own"} {
		_, addr := place.startServer(t, kind)
		conn := connect(t, addr)
		send(t, conn, "get big")
		_, got := answered(t, conn)
		assert.True(t, content == got, kind)
	}
}
