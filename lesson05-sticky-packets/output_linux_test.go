package sticky

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// built returns the command to run a program of the lesson.
func built(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	dir, err := buildPrograms()
	require.NoError(t, err)
	return exec.Command(filepath.Join(dir, name), args...)
}

func TestWhatTheClientCannotShowIsAFailure(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	require.NoError(t, err)
	defer full.Close()
	for _, exchange := range []string{"show", "count"} {
		server := serve(t, Server{Count: exchange == "count"})
		client := built(t, "client", "-exchange", exchange, "-addr", server.addr)
		var errs bytes.Buffer
		client.Stdin, client.Stdout, client.Stderr = strings.NewReader("3\n"), full, &errs
		require.Error(t, client.Run())
		assert.Equal(t, 1, client.ProcessState.ExitCode())
		assert.Equal(t, "client: cannot show what came: write /dev/stdout: no space left on device\n", errs.String())
	}
}

// Its first line is read, and then no more: by a reader that leaves, as head -1
// does, or by one that stays, as a pager does.
func TestTheServerServesOnWhenNobodyReadsWhatItShows(t *testing.T) {
	for _, leaves := range []bool{true, false} {
		server := built(t, "server", "-exchange", "count", "-framing", "line", "-addr", "127.0.0.1:0")
		output, err := server.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, server.Start())
		t.Cleanup(func() { server.Process.Kill() })
		reader := bufio.NewReaderSize(output, 16)
		line, err := reader.ReadString('\n')
		require.NoError(t, err)
		if leaves {
			require.NoError(t, output.Close())
		}
		client := connect(t, strings.TrimSpace(strings.TrimPrefix(line, "listening on ")))
		asking := framed(t, "line", client)
		for range 1000 { // each shown in some 200 bytes, and a pipe holds 64 KiB
			ask(t, asking, strings.Repeat("\x00", 40), "not a number from 1 to 100000")
		}
		require.NoError(t, server.Process.Signal(os.Interrupt))
		io.Copy(io.Discard, reader) // without it the server would wait a second for a reader
		assert.NoError(t, server.Wait())
	}
}

func TestTheClientShowsAPromptOnlyToAPersonAtATerminal(t *testing.T) {
	person, terminal, err := pty.Open()
	require.NoError(t, err)
	defer person.Close()
	defer terminal.Close()
	server := serve(t, Server{Count: true})
	client := built(t, "client", "-exchange", "count", "-addr", server.addr)
	client.Stdin = terminal
	_, err = io.WriteString(person, "3\n\x04") // a line, and ^D
	require.NoError(t, err)
	shown, err := client.Output()
	require.NoError(t, err)
	assert.Regexp(t, `^connected: .*\n>>> received 5 bytes: "1 2 3"\n>>> $`, string(shown))

	client = built(t, "client", "-exchange", "count", "-addr", server.addr)
	client.Stdin = strings.NewReader("3\n")
	shown, err = client.Output()
	require.NoError(t, err)
	assert.Regexp(t, `^connected: .*\nreceived 5 bytes: "1 2 3"\n$`, string(shown))
}
