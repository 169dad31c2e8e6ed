//go:build unix

package remote

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAUnixSocketIsItsOwnersAlone(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0)) // whatever the person's own mask
	dir := t.TempDir()
	path := filepath.Join(dir, "s.sock")
	ln, err := Listen("unix", path)
	require.NoError(t, err)
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoError(t, ln.Close())
	assert.NoFileExists(t, path)

	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o666))
	info, err = os.Stat(filepath.Join(dir, "file"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o666), info.Mode().Perm(), "the mask is put back")
}

func TestTheSameExchangeRunsOverAUnixSocket(t *testing.T) {
	dir, err := os.MkdirTemp("", "") // the path of a socket has to be short
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "s.sock")
	server := startGo(t, "server", "-network", "unix", "-addr", path)
	assert.Equal(t, path, server.listening(t))
	client := startGo(t, "client", "-network", "unix", "-addr", path)
	client.typeLine(t, "echo hi")
	assert.Contains(t, client.line(t), "connected: ")
	assert.Equal(t, "hi", client.line(t))
	assert.Equal(t, []string{"@ connected", `@ runs "echo hi"`, "@ answered with 3 bytes"}, server.nextLines(t, 3))

	conn, err := net.Dial("unix", path)
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte("echo last"))
	require.NoError(t, err)
	require.NoError(t, conn.(*net.UnixConn).CloseWrite())
	all, err := io.ReadAll(conn)
	require.NoError(t, err)
	assert.Equal(t, "last\n", string(all))
	server.interrupt(t)
	status, _ := server.exit(t)
	assert.Zero(t, status)
	assert.NoFileExists(t, path)
}
