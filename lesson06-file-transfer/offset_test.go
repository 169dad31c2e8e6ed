package transfer

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnAnswerStartsAtAnyOffsetEvenPast2GiB(t *testing.T) {
	const size = 3 << 30
	server := new(Server)
	serving := serve(t, server, t.TempDir())
	write(t, serving.dir, "big", "the beginning")
	require.NoError(t, os.Truncate(filepath.Join(serving.dir, "big"), size)) // sparse: it takes no room
	info, err := os.Stat(filepath.Join(serving.dir, "big"))
	require.NoError(t, err)
	done := make(chan struct{})
	close(done)
	sum := strings.Repeat("0", 32) // nobody computes it
	server.checksums.remember("big", &checksum{info: info, done: done, sum: sum})

	conn := connect(t, serving.addr)
	for _, offset := range []int64{size, size - 1, size - 1000} {
		send(t, conn, fmt.Sprintf("get big\n %d %s", offset, sum))
		h, content := answered(t, conn)
		assert.Equal(t, header{FileName: "big", MD5: sum, FileSize: size, Offset: offset}, h)
		assert.Equal(t, strings.Repeat("\x00", int(size-offset)), content)
	}
	for _, offset := range []int64{0, size + 1} { // then the answer starts at the beginning
		send(t, conn, fmt.Sprintf("get big\n %d %s", offset, sum))
		h, err := readHeader(conn)
		require.NoError(t, err)
		assert.Equal(t, header{FileName: "big", MD5: sum, FileSize: size}, h)
		start := make([]byte, 13)
		_, err = io.ReadFull(conn, start)
		require.NoError(t, err)
		assert.Equal(t, "the beginning", string(start))
		require.NoError(t, conn.Close())
		conn = connect(t, serving.addr)
	}
	send(t, conn, "get big\n 7 "+strings.Repeat("1", 32))
	h, err := readHeader(conn)
	require.NoError(t, err)
	assert.Zero(t, h.Offset, "another md5 is another file")
}
