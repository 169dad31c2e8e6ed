//go:build unix

package remote

import (
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// soon is a time limit that a test waits out.
const soon = 500 * time.Millisecond

func TestACommandThatOutlastsTheTimeLimitIsStoppedAndItsClientIsTold(t *testing.T) {
	line := newLifeline(t)
	server := serve(t, Server{Timeout: soon})
	conn := connect(t, server.addr)
	send(t, conn, line.holding("echo begun; sleep 1000; echo never"))
	receive(t, conn, "begun\n(stopped after 500ms)\n")
	line.ended(t)
	send(t, conn, "echo next")
	receive(t, conn, "next\n") // the connection goes on
}

func TestAnEndlessOutputIsStoppedAtTheTimeLimitToo(t *testing.T) {
	server := serve(t, Server{Timeout: soon, MaxOutput: 6})
	assert.Regexp(t, `^y\ny\ny\n\(stopped after 500ms\)\n\(cut: the first 6 of \d+ bytes\)\n$`, answer(t, server.addr, "yes"))
}

func TestTheTimeLimitIsTenSecondsUnlessToldOtherwise(t *testing.T) {
	assert.Equal(t, 10*time.Second, new(Server).timeout())
	assert.Equal(t, soon, (&Server{Timeout: soon}).timeout())
}

// That the limit is for each command, and ends with it.
func TestACommandWithinTheTimeLimitIsNotStoppedAfterwards(t *testing.T) {
	server := serve(t, Server{Timeout: 2 * soon})
	conn := connect(t, server.addr)
	for range 4 {
		send(t, conn, "sleep 0.3; echo hi")
		receive(t, conn, "hi\n")
	}
}

// D8.
func TestASleepingCommandHoldsThePythonServerAndOutlivesItsClientAndInGoItEnds(t *testing.T) {
	pythonLine, goLine := newLifeline(t), newLifeline(t)
	python := startPython(t, "command_server.py", "127.0.0.1:0")
	pythonAddr := python.listening(t)
	conn := connect(t, pythonAddr)
	send(t, conn, pythonLine.holding("exec sleep 1000"))
	pid := pythonLine.started(t)
	require.NoError(t, conn.Close()) // the client is gone
	next := connect(t, pythonAddr)
	send(t, next, "echo next")

	server := serve(t, Server{})
	conn = connect(t, server.addr)
	send(t, conn, goLine.holding("exec sleep 1000"))
	goLine.started(t)
	require.NoError(t, conn.Close())
	goLine.ended(t)
	server.shown.until(t, "dropped: gone while its command ran")

	pythonLine.alive(t)
	quiet(t, next)
	require.NoError(t, python.cmd.Process.Kill()) // even the server
	python.exit(t)
	pythonLine.alive(t)
	require.NoError(t, syscall.Kill(pid, 0))
}

func TestYesHoldsThePythonServerForEverAndGoForItsTimeLimit(t *testing.T) {
	line := newLifeline(t)
	python := startPython(t, "command_server.py", "127.0.0.1:0")
	conn := connect(t, python.listening(t))
	send(t, conn, line.holding("exec yes"))
	line.started(t)
	server := serve(t, Server{Timeout: soon, MaxOutput: 2})
	assert.Regexp(t, regexp.MustCompile(`^y\n\(stopped after 500ms\)`), answer(t, server.addr, "yes"))
	line.alive(t)
	quiet(t, conn)
}
