package udp

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// terminal returns both ends of a new terminal: the person's and the program's.
func terminal(t testing.TB) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	require.NoError(t, err)
	t.Cleanup(func() { person.Close() })
	require.NoError(t, person.SetDeadline(time.Now().Add(patience)))
	raw, err := person.SyscallConn()
	require.NoError(t, err)
	var number int
	require.NoError(t, raw.Control(func(fd uintptr) {
		err = unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0)
		require.NoError(t, err)
		number, err = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
	}))
	require.NoError(t, err)
	program, err = os.OpenFile(fmt.Sprint("/dev/pts/", number), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { program.Close() })
	return person, program
}

func TestOnATerminalTheClientShowsAPromptBeforeEachLine(t *testing.T) {
	addr := serve(t, nil).String()
	dir, err := buildPrograms()
	require.NoError(t, err)
	person, program := terminal(t)
	client := exec.Command(filepath.Join(dir, "client"), "-addr", addr, "-timeout", patience.String())
	client.Stdin = program
	output, err := client.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, client.Start())
	require.NoError(t, output.(*os.File).SetReadDeadline(time.Now().Add(patience)))
	t.Cleanup(func() { client.Process.Kill(); client.Wait() }) // errors say that it has ended

	shown := bufio.NewReader(output)
	prompt := make([]byte, len(">>> "))
	for _, msg := range []string{"hello", "again"} {
		_, err = io.ReadFull(shown, prompt)
		require.NoError(t, err)
		require.Equal(t, ">>> ", string(prompt))
		_, err = io.WriteString(person, msg+"\n")
		require.NoError(t, err)
		line, err := shown.ReadString('\n')
		require.NoError(t, err)
		assert.Contains(t, line, "received ")
	}
	_, err = io.WriteString(person, "\x04") // Ctrl-D
	require.NoError(t, err)
	rest, err := io.ReadAll(shown)
	require.NoError(t, err)
	assert.Equal(t, ">>> ", string(rest))
	assert.NoError(t, client.Wait())
}
