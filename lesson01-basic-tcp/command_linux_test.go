package basictcp

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCtrlCEndsTheWaitForAServerThatDoesNotAnswer(t *testing.T) {
	addr := fullServer(t)
	client := startGo(t, "client", "-addr", addr)
	waitForState(t, synSent, 2, addr)
	sendSignal(t, client, os.Interrupt)
	status, lines := client.exit(t)
	assert.Zero(t, status)
	assert.Empty(t, lines)
}

func TestWhatCannotBeShownIsAFailureOfAClientAndNoneOfAServer(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	require.NoError(t, err)
	defer full.Close()
	ln := listen(t)
	client := goCommand(t, "client", "-addr", ln.Addr().String())
	client.Stdout = full
	stderr, err := client.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, client.Start())
	line, err := io.ReadAll(stderr)
	require.NoError(t, err)
	assert.Equal(t, "client: cannot show what came: write /dev/stdout: no space left on device\n", string(line))
	assert.Error(t, client.Wait())
	assert.Equal(t, 1, client.ProcessState.ExitCode())

	server := goCommand(t, "server", "-network", "unix", "-addr", shortTempDir(t)+"/socket")
	server.Stdout = full
	require.NoError(t, server.Start())
	defer server.Process.Kill()
	for addr := server.Args[4]; ; { // it cannot say when it listens
		if err := Call("unix", addr, patience, io.Discard); err == nil {
			break
		}
	}
	assert.NoError(t, server.Wait())
}

func TestAPersonAtATerminalSeesAPromptBeforeEachLine(t *testing.T) {
	for name, cmd := range map[string]*exec.Cmd{"command.Stdin": act("typed")} {
		screen, err := pty.Start(cmd)
		if err != nil {
			t.Skipf("needs a pseudo-terminal: %v", err)
		}
		defer screen.Close()
		require.NoError(t, screen.SetDeadline(time.Now().Add(patience)))
		shown := bufio.NewReader(screen)
		for _, typed := range []string{"one", "two"} {
			_, err = shown.Peek(4) // the prompt has come
			require.NoError(t, err)
			_, err = io.WriteString(screen, typed+"\n")
			require.NoError(t, err)
			for _, want := range []string{">>> " + typed + "\r\n", `"` + typed + `\n"` + "\r\n"} {
				line, err := shown.ReadString('\n')
				require.NoError(t, err)
				assert.Equal(t, want, line, name)
			}
		}
		_, err = screen.Write([]byte{4}) // Ctrl-D
		require.NoError(t, err)
		assert.NoError(t, cmd.Wait())
	}
}
