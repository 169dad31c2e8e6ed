//go:build unix

package remote

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAUnixSocketIsItsOwnersAlone(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0)) // whatever the person's own mask
	dir, err := os.MkdirTemp("", "")      // the path of a socket has to be short
	require.NoError(t, err)
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "s.sock")
	ctx, stop := context.WithCancel(t.Context())
	shown, served := make(shown, 10), make(chan error, 1)
	go func() { served <- (&Server{Log: shown}).ListenAndServe(ctx, "unix", path) }()
	shown.until(t, "listening on "+path)

	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o666))
	info, err = os.Stat(filepath.Join(dir, "file"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o666), info.Mode().Perm(), "the mask is put back")

	stop()
	assert.NoError(t, <-served)
	assert.NoFileExists(t, path)
}
