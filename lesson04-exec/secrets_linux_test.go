package remote

import (
	"crypto/rand"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestACommandDoesNotFindTheServersSecretsInProcEither(t *testing.T) {
	t.Parallel()
	secret := "API_TOKEN=" + rand.Text() // nobody else's, like another run's
	cmd := built(t, "server", "-addr", "127.0.0.1:0", "-dir", "/")
	cmd.Env = append(os.Environ(), secret)
	if os.Getuid() == 0 { // root may read everything: be nobody
		nobody := &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		try := exec.Command("true")
		try.SysProcAttr = nobody
		if err := try.Run(); errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EINVAL) { // in a container that maps no other user
			t.Skip("cannot become nobody here: ", err)
		}
		require.NoError(t, os.Chmod(filepath.Dir(cmd.Path), 0o711))
		cmd.SysProcAttr = nobody
	}
	server := start(t, cmd)
	assert.Equal(t, "(no output, exit status 0)\n",
		answer(t, server.listening(t), "grep -sl "+secret+" /proc/[0-9]*/environ; true"), "in the server's or a keeper's")
}
