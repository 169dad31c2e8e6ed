package basictcp

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestAPlaceWhereNobodyMayListenIsAnsweredWithAdvice(t *testing.T) {
	_, stderr, status := run(t, "server", "-network", "unix", "-addr", "/sys/socket") // not even root may
	assert.Equal(t, 1, status)
	assertOneLine(t, stderr, "server: ", "; choose a port from 1024 up, or a path you may write to")
}

func TestAFolderInsteadOfASocketIsAnsweredWithAdvice(t *testing.T) {
	_, stderr, status := run(t, "client", "-network", "unix", "-addr", shortTempDir(t))
	assert.Equal(t, 1, status)
	assertOneLine(t, stderr, "client: dial unix ", ": connection refused; nobody listens there: start the server first, or give its address with -addr")
}

func TestCtrlCEndsTheWaitForAServerThatDoesNotAnswer(t *testing.T) {
	addr := fullServer(t)
	client := startGo(t, "client", "-addr", addr)
	waitForState(t, synSent, 2, addr)
	require.NoError(t, client.cmd.Process.Signal(os.Interrupt))
	status, lines := client.exit(t)
	assert.Zero(t, status)
	assert.Empty(t, lines)
}

func TestAPersonAtATerminalSeesAPrompt(t *testing.T) {
	dir, err := buildPrograms()
	require.NoError(t, err)
	ln := listen(t)
	screen, keyboard := openTerminal(t)
	client := exec.CommandContext(t.Context(), filepath.Join(dir, "client"), "-exchange", "ask", "-addr", ln.Addr().String())
	client.Stdin, client.Stdout, client.Stderr = keyboard, keyboard, keyboard
	require.NoError(t, client.Start())
	conn := accept(t, ln)

	shown := bufio.NewReader(screen)
	_, err = shown.ReadString('\n') // connected
	require.NoError(t, err)
	_, err = shown.Peek(4) // the prompt has come
	require.NoError(t, err)
	_, err = screen.WriteString("typed\n")
	require.NoError(t, err)
	line, err := shown.ReadString('\n')
	require.NoError(t, err)
	assert.Equal(t, ">>> typed\r\n", line)
	assert.Equal(t, "typed", read(t, conn, 100))
	write(t, conn, "answer")
	assert.NoError(t, client.Wait())
}

// openTerminal opens a terminal without a window: what is written to screen is
// typed on keyboard, and what a program prints on keyboard is read from screen.
func openTerminal(t testing.TB) (screen, keyboard *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("needs a pseudo-terminal: %v", err)
	}
	t.Cleanup(func() { screen.Close() })
	require.NoError(t, screen.SetDeadline(time.Now().Add(patience)))
	raw, err := screen.SyscallConn()
	require.NoError(t, err)
	var number int
	var unlocked, named error
	require.NoError(t, raw.Control(func(fd uintptr) {
		unlocked = unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0)
		number, named = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
	}))
	require.NoError(t, errors.Join(unlocked, named))
	keyboard, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { keyboard.Close() })
	return screen, keyboard
}
