//go:build unix

package remote

import (
	"net"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What goes wrong in the original, in its plain twin or not, and not in the
// lesson's own. (D7 is a claim: all three do it.)

// D4. That nothing is sent for true is to be seen: the first bytes that come are
// those of the next command, which the server reads only when it is done with
// the first.
func TestACommandWithoutOutputIsAnsweredWithNothingByPythonAndPlain(t *testing.T) {
	t.Parallel()
	for who, first := range map[string]string{"Python": "", "plain": "", "own": "(no output, exit status 0)\n"} {
		t.Run(who, func(t *testing.T) {
			server := startSide(t, who, "server", "127.0.0.1:0")
			conn := connect(t, server.listening(t))
			for _, silent := range []string{"true", "cd /tmp"} {
				send(t, conn, silent)
				for !strings.Contains(server.line(t), silent) { // it has been read
				}
				receive(t, conn, first)
				send(t, conn, "echo next")
				receive(t, conn, "next\n")
			}
		})
	}
}

// The other end of D4: what is pushed to the waiting client unasked, it shows as
// the answer that never came. The lesson's own client waits no longer than
// -timeout.
func TestAClientWaitsForTheAnswerOfACommandWithoutOutput(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"Python", "plain"} {
		t.Run(who, func(t *testing.T) {
			ln := listen(t)
			client := startSide(t, who, "client", ln.Addr().String())
			conn := asServer(t, ln)
			client.typeLine(t, "true")
			receive(t, conn, "true")
			client.typeLine(t, "echo next") // read only once the wait is over
			send(t, conn, "unasked")
			shown := asShown(who, "unasked")
			assert.Equal(t, shown, client.nextLines(t, len(shown)))
			receive(t, conn, "echo next")
		})
	}
}

// D5. The Python server waits for the end of stderr, the command for room in the
// pipe of stdout, which is full. All commands first say that it is; then both in
// Go have answered, to the last byte, before we look what Python has.
func TestACommandThatPrintsMoreThanAPipeHoldsNeverFinishesInPythonAndDoesInGo(t *testing.T) {
	t.Parallel()
	const command = "head -c 65536 /dev/zero; echo $$ >&9; seq 1 100000"
	pythonLine := newLifeline(t)
	python := startSide(t, "Python", "server", "127.0.0.1:0")
	conn := connect(t, python.listening(t))
	send(t, conn, "exec 9>"+pythonLine.path+"; "+command)
	pythonLine.started(t) // the pipe is full, and nobody has read from it

	for _, who := range []string{"plain", "own"} {
		line := newLifeline(t)
		addr := startSide(t, who, "server", "127.0.0.1:0").listening(t)
		output := answer(t, addr, "exec 9>"+line.path+"; "+command)
		assert.Len(t, output, 65536+588895, who)
		assert.True(t, strings.HasPrefix(output[65536:], "1\n2\n3\n") && strings.HasSuffix(output, "\n100000\n"), who)
		line.ended(t)
		assert.Len(t, answer(t, addr, "seq 1 100000 >&2"), 588895, "on standard error too")
	}

	pythonLine.alive(t)
	quiet(t, conn)
}

// The cause of D5, shown by its opposite: a command that closes stderr itself
// lets Python go on to stdout.
func TestPythonReadsStdoutOnlyOnceStderrIsAtItsEnd(t *testing.T) {
	t.Parallel()
	python := startSide(t, "Python", "server", "127.0.0.1:0")
	assert.Len(t, answer(t, python.listening(t), "exec 2>&-; seq 1 100000"), 588895)
}

// D6.
func TestPythonThrowsStdoutAwayWhenThereIsStderrAndGoDoesNot(t *testing.T) {
	t.Parallel()
	for who, output := range map[string]string{"Python": "err\n", "plain": "out\nerr\n", "own": "out\nerr\n"} {
		server := startSide(t, who, "server", "127.0.0.1:0")
		assert.Equal(t, output, answer(t, server.listening(t), "echo out; echo err >&2"), who)
	}
}

// D8. A program that does not end holds the server of Python and plain, and
// outlives its client and the server.
func TestASleepingCommandHoldsPythonAndPlainAndOutlivesItsClientAndInTheLessonsOwnItEnds(t *testing.T) {
	t.Parallel()
	lines, nexts, servers := map[string]*lifeline{}, map[string]*net.TCPConn{}, map[string]*program{}
	for _, who := range everybody { // the lesson's own comes last
		lines[who] = newLifeline(t)
		servers[who] = startSide(t, who, "server", "127.0.0.1:0")
		addr := servers[who].listening(t)
		conn := connect(t, addr)
		send(t, conn, lines[who].holding("exec sleep 1000"))
		lines[who].started(t)
		reset(t, conn) // the client is gone
		nexts[who] = connect(t, addr)
		send(t, nexts[who], "echo next")
	}
	lines["own"].ended(t)
	receive(t, nexts["own"], "next\n")
	for _, who := range []string{"Python", "plain"} {
		quiet(t, nexts[who])
		require.NoError(t, servers[who].cmd.Process.Kill()) // even the server
		servers[who].exit(t)
		lines[who].alive(t)
	}
}

// D8: output without an end. The original never reads it; plain would take as
// much as the machine has memory, which is not tried here.
func TestYesHoldsThePythonServerForEverAndTheLessonsOwnForItsTimeLimit(t *testing.T) {
	t.Parallel()
	line := newLifeline(t)
	python := startSide(t, "Python", "server", "127.0.0.1:0")
	conn := connect(t, python.listening(t))
	send(t, conn, line.holding("exec yes"))
	line.started(t)
	own := serve(t, Server{Timeout: soon, MaxOutput: 6})
	assert.Regexp(t, `^y\ny\ny\n\(stopped after 500ms\)\n\(cut: the first 6 of \d+ bytes\)\n$`, answer(t, own.addr, "yes"))
	line.alive(t)
	quiet(t, conn)
}

// D8, the part that stays: each command has a shell of its own.
func TestADirectoryLastsForOneCommand(t *testing.T) {
	t.Parallel()
	here, err := os.Getwd()
	require.NoError(t, err)
	for _, who := range everybody {
		server := startSide(t, who, "server", "127.0.0.1:0")
		conn := connect(t, server.listening(t))
		for _, x := range []struct{ command, output string }{{"cd / && pwd", "/\n"}, {"pwd -P", here + "\n"}} {
			send(t, conn, x.command)
			receive(t, conn, x.output)
			for who == "own" && !strings.Contains(server.line(t), "answered with "+strconv.Itoa(len(x.output))) {
			}
		}
	}
}

// D19. Python and plain wait on the first client's connection; the lesson's own
// has answered its second client by the time we look at theirs.
func TestASilentClientHoldsPythonAndPlainAndNotTheLessonsOwn(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"Python", "plain"} {
		t.Run(who, func(t *testing.T) {
			server := startSide(t, who, "server", "127.0.0.1:0")
			addr := server.listening(t)
			silent := connect(t, addr)
			require.Contains(t, server.line(t), here(silent)[len("127.0.0.1:"):])
			second := connect(t, addr)
			send(t, second, "echo hi")

			own := serve(t, Server{})
			connect(t, own.addr)
			own.shown.until(t, " connected")
			for range 20 {
				assert.Equal(t, "hi\n", answer(t, own.addr, "echo hi"))
			}
			quiet(t, second)
			require.NoError(t, second.SetReadDeadline(deadline()))
			require.NoError(t, silent.Close())
			receive(t, second, "hi\n")
		})
	}
}
