package transfer

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestTheClientShowsAPromptOnlyToAPersonAtATerminal(t *testing.T) {
	person, terminal := openTerminal(t)
	server := serve(t, new(Server), shared(t))
	dir, err := buildPrograms()
	require.NoError(t, err)
	download := t.TempDir()
	cmd := exec.Command(filepath.Join(dir, "client"), "-addr", server.addr, "-dir", download)
	cmd.Stdin = terminal
	output, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	_, err = io.WriteString(person, "get hello.txt\n\x04") // a line, and ^D
	require.NoError(t, err)
	shown, err := io.ReadAll(output)
	require.NoError(t, err)
	assert.Regexp(t, `^connected: .*\n>>> "hello.txt": 32 bytes, md5 is right\n>>> $`, string(shown))

	piped := startGo(t, "client", "-addr", server.addr, "-dir", t.TempDir())
	piped.typeLine(t, "get hello.txt")
	require.NoError(t, piped.stdin.Close())
	_, lines := piped.exit(t)
	assert.Equal(t, `"hello.txt": 32 bytes, md5 is right`, lines[1])
}

// openTerminal opens a pseudo-terminal: what the person types, and where a
// program reads it.
func openTerminal(t *testing.T) (person, terminal *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	require.NoError(t, err)
	t.Cleanup(func() { person.Close() })
	fd := int(person.Fd())
	require.NoError(t, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	require.NoError(t, err)
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { terminal.Close() })
	return person, terminal
}
