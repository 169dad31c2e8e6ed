//go:build unix

package remote

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheClientShowsAPromptOnlyToAPersonAtATerminal(t *testing.T) {
	server := serve(t, Server{})
	person, terminal, err := pty.Open()
	require.NoError(t, err)
	defer person.Close()
	defer terminal.Close()
	client := built(t, "client", "-addr", server.addr)
	var shown bytes.Buffer
	client.Stdin, client.Stdout = terminal, &shown
	_, err = io.WriteString(person, "echo HELLO\n\x04") // a line, and ^D
	require.NoError(t, err)
	require.NoError(t, client.Run())
	assert.Regexp(t, `^connected: .*\n>>> HELLO\n>>> $`, shown.String())

	piped := built(t, "client", "-addr", server.addr)
	piped.Stdin = strings.NewReader("echo HELLO\n")
	output, err := piped.Output()
	require.NoError(t, err)
	assert.Regexp(t, `^connected: .*\nHELLO\n$`, string(output))
}

func TestAClientWhosePersonCannotSeeTheAnswerFails(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("needs /dev/full, which only Linux has")
	}
	defer full.Close()
	client := built(t, "client", "-addr", serve(t, Server{}).addr)
	var says strings.Builder
	client.Stdin, client.Stdout, client.Stderr = strings.NewReader("echo hi\n"), full, &says
	var failed *exec.ExitError
	require.ErrorAs(t, client.Run(), &failed)
	assert.Equal(t, 1, failed.ExitCode())
	assert.Equal(t, "client: cannot show what came: write /dev/stdout: no space left on device\n", says.String())
}

// startWithPipe starts the lesson's own server, and returns it with its address
// and the other end of its standard output, of which only the first line is read.
func startWithPipe(t *testing.T) (server *exec.Cmd, addr string, output *os.File) {
	t.Helper()
	output, w, err := os.Pipe()
	require.NoError(t, err)
	server = built(t, "server", "-addr", "127.0.0.1:0")
	server.Stdout = w
	require.NoError(t, server.Start())
	require.NoError(t, w.Close())
	t.Cleanup(func() {
		output.Close()
		server.Process.Kill() // an error says that it has ended already
		server.Wait()
	})
	line, err := bufio.NewReader(output).ReadString('\n')
	require.NoError(t, err)
	return server, strings.TrimSpace(strings.TrimPrefix(line, "listening on ")), output
}

// Like "server | head -1": the server outlives SIGPIPE, and what it starts does
// not, so that yes ends here as it does in a shell, and says nothing of it.
func TestAServerServesOnWhenItsReaderLeavesAndACommandEndsWithItsOwn(t *testing.T) {
	server, addr, output := startWithPipe(t)
	require.NoError(t, output.Close())
	for range 3 { // by the second the server has noticed
		assert.Equal(t, "y\nok\n", answer(t, addr, "yes | head -1; echo ok"))
	}
	require.NoError(t, server.Process.Signal(syscall.SIGTERM))
	assert.NoError(t, server.Wait(), "status 0")
}

func TestAServerWhoseOutputNobodyReadsAnswersAndCanBeStopped(t *testing.T) {
	t.Parallel()
	server, addr, _ := startWithPipe(t)
	conn := connect(t, addr)
	for range 80 { // more lines than a pipe holds
		send(t, conn, "echo hi #"+strings.Repeat("x", 1000))
		receive(t, conn, "hi\n")
	}
	assert.Equal(t, "hi\n", answer(t, addr, "echo hi"))
	require.NoError(t, conn.Close())
	began := time.Now()
	require.NoError(t, server.Process.Signal(syscall.SIGTERM))
	assert.NoError(t, server.Wait(), "status 0")
	assert.Less(t, time.Since(began), 15*time.Second)
}
