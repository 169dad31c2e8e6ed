package udp

import (
	"bufio"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOnATerminalTheClientShowsAPromptBeforeEachLine(t *testing.T) {
	addr := serve(t, nil)
	client := goProgram(t, "client", "-addr", addr.String(), "-timeout", patience.String())
	person, err := pty.Start(client)
	require.NoError(t, err)
	defer person.Close()
	defer client.Process.Kill()                    // an error says that it has ended already
	_, err = io.WriteString(person, "hello\n\x04") // Ctrl-D
	require.NoError(t, err)
	screen := bufio.NewScanner(person)
	var shows []string
	for screen.Scan() { // until the terminal has no program any more
		shows = append(shows, screen.Text())
	}
	assert.Zero(t, exitStatus(t, client))
	all := strings.Join(shows, "\n")
	assert.Equal(t, 2, strings.Count(all, ">>> "), all)
	assert.Contains(t, all, answer("HELLO", addr))
}

func TestAnswersThatCannotBeShownAreAFailure(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	require.NoError(t, err)
	defer full.Close()
	client := goProgram(t, "client", "-addr", serve(t, nil).String(), "-timeout", patience.String())
	client.Stdin, client.Stdout = strings.NewReader("hello\n"), full
	var line strings.Builder
	client.Stderr = &line
	require.NoError(t, client.Start())
	assert.Equal(t, 1, exitStatus(t, client))
	assert.Equal(t, "client: cannot show what came: write /dev/stdout: no space left on device\n", line.String())
}
