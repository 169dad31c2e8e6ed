package transfer

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/lesson06-file-transfer/internal/guard"
)

// sentAndChanged returns what a client reads of a file that is changed after
// send has sent it, and before the client reads.
func sentAndChanged(t *testing.T, send func(conn *guard.Conn, file *os.File) error) string {
	t.Helper()
	const size = 8192
	path := filepath.Join(t.TempDir(), "a")
	require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("before ", size)[:size]), 0o666))
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	require.NoError(t, err)
	defer file.Close()
	ln := listen(t)
	client := connect(t, ln.Addr().String())
	conn, err := ln.Accept()
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, send(guard.Limit(t.Context(), conn, time.Minute), file))
	_, err = file.WriteAt([]byte(strings.Repeat("after! ", size)[:size]), 0)
	require.NoError(t, err)
	got := make([]byte, size)
	_, err = io.ReadFull(client, got)
	require.NoError(t, err)
	return string(got[:6])
}

// With sendfile the socket's buffer holds no copy of the file: it points at the
// pages that the kernel keeps of it. Who writes to them is early enough.
func TestContentGoesOutBySendfileWithoutBeingCopied(t *testing.T) {
	assert.Equal(t, "after!", sentAndChanged(t, func(conn *guard.Conn, file *os.File) error {
		_, err := sendContent(conn, file, 0, 8192)
		return err
	}))
	assert.Equal(t, "before", sentAndChanged(t, func(conn *guard.Conn, file *os.File) error {
		_, err := io.Copy(conn, file) // through this program's memory
		return err
	}))
}

func TestAFileWhoseSizeIsNotTrueIsRefusedBeforeItsHeader(t *testing.T) {
	for dir, name := range map[string]string{"/proc/self": "limits", "/sys/class/net/lo": "mtu"} {
		for _, noMD5 := range []bool{false, true} {
			server := serve(t, &Server{NoMD5: noMD5}, dir)
			assert.Equal(t, "it has not the size it claims, as files in /proc and /sys", sayToGet(t, server.addr, name))
		}
	}
}
