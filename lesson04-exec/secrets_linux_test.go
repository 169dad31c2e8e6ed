package remote

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestACommandDoesNotFindTheServersSecretsInProcEither(t *testing.T) {
	t.Parallel()
	cmd := built(t, "server", "-addr", "127.0.0.1:0", "-dir", "/")
	cmd.Env = append(os.Environ(), "API_TOKEN=hidden")
	if os.Getuid() == 0 { // root may read everything: be nobody
		require.NoError(t, os.Chmod(filepath.Dir(cmd.Path), 0o711))
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	server := start(t, cmd)
	assert.Equal(t, "(no output, exit status 0)\n",
		answer(t, server.listening(t), "grep -sl API_TOKEN=hidden /proc/[0-9]*/environ; true"), "in the server's or a keeper's")
}
