//go:build unix

package remote

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// startAtTerminal starts the lesson's own server at a terminal of its own, at the
// other end of which the person sits.
func startAtTerminal(t *testing.T) (server *exec.Cmd, addr string, person *os.File) {
	t.Helper()
	server = built(t, "server", "-addr", "127.0.0.1:0")
	person, err := pty.Start(server)
	require.NoError(t, err)
	t.Cleanup(func() {
		person.Close()
		server.Process.Kill() // an error says that it has ended already
		server.Wait()
	})
	line, err := bufio.NewReader(person).ReadString('\n')
	require.NoError(t, err)
	return server, strings.TrimSpace(strings.TrimPrefix(line, "listening on ")), person
}

func TestACommandHasNoTerminalToDrawOnOrToReadFrom(t *testing.T) {
	t.Parallel()
	_, addr, _ := startAtTerminal(t)
	for _, command := range []string{`printf '\033[2J' >/dev/tty`, "head -1 </dev/tty"} {
		assert.Contains(t, answer(t, addr, command), "/dev/tty: ", "which cannot be opened")
	}
}

func TestAClosedTerminalEndsTheServerInGoodOrderWithTheCommandThatRuns(t *testing.T) {
	t.Parallel()
	line := newLifeline(t)
	server, addr, person := startAtTerminal(t)
	conn := connect(t, addr)
	send(t, conn, line.holding("sleep 1000"))
	line.started(t)
	require.NoError(t, person.Close())
	receive(t, conn, "(stopped: the server is stopping)\n")
	line.ended(t)
	assert.NoError(t, server.Wait(), "status 0")
}

// Nothing can be done any more by a server that is killed: see keeper.
func TestAKilledServerTakesTheCommandThatRunsWithIt(t *testing.T) {
	t.Parallel()
	line := newLifeline(t)
	server := startGo(t, "server", "-addr", "127.0.0.1:0")
	conn := connect(t, server.listening(t))
	send(t, conn, line.holding("trap '' TERM INT HUP; sleep 1000 & sh -c 'sleep 1000 | sleep 1000'"))
	line.started(t)
	require.NoError(t, server.cmd.Process.Kill())
	line.ended(t)
}
