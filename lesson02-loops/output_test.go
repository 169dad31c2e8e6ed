package loops

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// command is a Go program of the lesson that runs with an output of its own.
func command(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	dir, err := buildPrograms()
	require.NoError(t, err)
	cmd := exec.Command(filepath.Join(dir, name), args...)
	t.Cleanup(func() {
		if cmd.Process != nil {
			cmd.Process.Kill() // an error says that it has ended already
			cmd.Wait()
		}
	})
	return cmd
}

// unread starts a server of which one line is read and then no more, and returns
// its address and what is left to read.
func unread(t *testing.T, server *exec.Cmd) (addr string, rest io.ReadCloser) {
	t.Helper()
	out, err := server.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, server.Start())
	line, err := bufio.NewReaderSize(out, 16).ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSpace(strings.TrimPrefix(line, "listening on ")), out
}

func TestAServerServesOnAndEndsInGoodOrderWhenNobodyReadsWhatItShows(t *testing.T) {
	needsUnix(t)
	for name, leave := range map[string]func(rest io.Closer){
		"the reader is gone, as with server | head -1": func(rest io.Closer) { rest.Close() },
		"the reader waits": func(io.Closer) {},
	} {
		t.Run(name, func(t *testing.T) {
			server := command(t, "server", "-concurrent", "-addr", "127.0.0.1:0")
			addr, rest := unread(t, server)
			leave(rest)
			first, second := connect(t, addr), connect(t, addr)
			msg := patterned(1000)
			for range 200 { // three times what a pipe holds
				send(t, first, msg)
				receive(t, first, strings.ToUpper(msg))
			}
			roundTrip(t, second)
			began := time.Now()
			require.NoError(t, server.Process.Signal(os.Interrupt))
			assert.NoError(t, server.Wait(), "status 0")
			assert.Less(t, time.Since(began), patience)
		})
	}
}

func TestAClientWhoseOutputCannotBeWrittenFailsAndSaysSo(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /dev/full, a disk without room")
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	require.NoError(t, err)
	defer full.Close()
	server := serve(t, Server{})
	for _, args := range [][]string{nil, {"-half-close"}} {
		client := command(t, "client", append(args, "-addr", server.addr)...)
		client.Stdin, client.Stdout = strings.NewReader("hello\n"), full
		var said bytes.Buffer
		client.Stderr = &said
		assert.Error(t, client.Run())
		assert.Equal(t, 1, client.ProcessState.ExitCode())
		assert.Equal(t, "client: cannot show what came: write /dev/stdout: no space left on device\n", said.String())
	}
}

func TestAPromptIsShownToAPersonAtATerminalAndByThePlainClientAlways(t *testing.T) {
	needsUnix(t)
	server := serve(t, Server{})
	person, terminal, err := pty.Open()
	require.NoError(t, err)
	defer person.Close()
	defer terminal.Close()
	_, err = io.WriteString(person, "hello\n\x04") // a line, and ^D
	require.NoError(t, err)

	own := command(t, "client", "-addr", server.addr)
	own.Stdin = terminal
	shown, err := own.Output()
	require.NoError(t, err)
	assert.Regexp(t, `^connected: .*\n>>> received "HELLO"\n>>> $`, string(shown))

	piped := command(t, "client", "-addr", server.addr)
	piped.Stdin = strings.NewReader("hello\n")
	shown, err = piped.Output()
	require.NoError(t, err)
	assert.Regexp(t, `^connected: .*\nreceived "HELLO"\n$`, string(shown))

	plain := command(t, "upper_client", server.addr)
	plain.Stdin = strings.NewReader("hello\n\nbye\n")
	shown, err = plain.Output()
	require.NoError(t, err)
	assert.Equal(t, `>>> "HELLO"`+"\n>>> >>> "+`"BYE"`+"\n>>> ", string(shown))
}
