package remote

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestACommandDoesNotFindTheServersEnvironmentInProcEither(t *testing.T) {
	t.Parallel()
	cmd := built(t, "server", "-addr", "127.0.0.1:0", "-dir", "/")
	cmd.Env = append(os.Environ(), "API_TOKEN=secret")
	if os.Getuid() == 0 { // root may read everything: be nobody
		require.NoError(t, os.Chmod(filepath.Dir(cmd.Path), 0o711))
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	server := start(t, cmd)
	assert.Regexp(t, `^cat: /proc/\d+/environ: .*\n\(exit status 1\)\n$`, answer(t, server.listening(t), "cat /proc/$PPID/environ"))
}
