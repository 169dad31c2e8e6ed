package remote

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStdoutStderrAndFailureAllReachTheClient(t *testing.T) {
	server := serve(t, Server{})
	for command, want := range map[string]string{
		"echo out; echo err >&2":         "out\nerr\n",
		"echo out; echo err >&2; exit 7": "out\nerr\n(exit status 7)\n",
		"echo out; exit 3":               "out\n(exit status 3)\n",
		"printf half; exit 3":            "half\n(exit status 3)\n", // the note has a line of its own
		"kill -9 $$":                     "(no output, signal: killed)\n",
	} {
		assert.Equal(t, want, answer(t, server.addr, command), command)
	}
	assert.Regexp(t, `not found\n\(exit status 127\)\n$`, answer(t, server.addr, "no-such-command"))
}

func TestWhatACommandPrintsOnBothOutputsKeepsItsOrder(t *testing.T) {
	server := serve(t, Server{})
	command := "for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done"
	want := "out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\nout 4\nerr 4\nout 5\nerr 5\n"
	for range 5 {
		require.Equal(t, want, answer(t, server.addr, command))
	}
}

func TestACommandWithoutOutputIsAnsweredWithALineThatSaysSo(t *testing.T) {
	server := serve(t, Server{})
	for command, want := range map[string]string{
		"true":    "(no output, exit status 0)\n",
		"cd /tmp": "(no output, exit status 0)\n",
		"false":   "(no output, exit status 1)\n",
		"exit 3":  "(no output, exit status 3)\n",
		"\n":      "(no output, exit status 0)\n", // an empty line is a command that does nothing
	} {
		assert.Equal(t, want, answer(t, server.addr, command), command)
	}
}

// D4. That nothing is sent for true is to be seen: the first bytes that come are
// those of the next command, which the server reads only when it is done with
// the first.
func TestPythonSendsNothingForACommandWithoutOutputAndGoDoes(t *testing.T) {
	for _, silent := range []string{"true", "cd /tmp"} {
		python := startPython(t, "command_server.py", "127.0.0.1:0")
		conn := connect(t, python.listening(t))
		send(t, conn, silent)
		require.Contains(t, python.line(t), "client: ")
		require.Contains(t, python.line(t), silent)
		send(t, conn, "echo next")
		receive(t, conn, "next\n")

		server := serve(t, Server{})
		conn = connect(t, server.addr)
		send(t, conn, silent)
		receive(t, conn, "(no output, exit status 0)\n")
		send(t, conn, "echo next")
		receive(t, conn, "next\n")
	}
}

// The other end of D4: what is pushed to the waiting client unasked, it shows as
// the answer that never came.
func TestAPythonClientWaitsForTheAnswerOfACommandWithoutOutput(t *testing.T) {
	ln := listen(t)
	client := startPython(t, "command_client.py", ln.Addr().String())
	conn := asServer(t, ln)
	client.typeLine(t, "true")
	receive(t, conn, "true")
	client.typeLine(t, "echo next") // read only once the wait is over
	assert.Equal(t, "=== has sent ===", client.line(t))
	send(t, conn, "unasked")
	assert.Equal(t, "unasked", client.line(t))
	receive(t, conn, "echo next")
}

// D6.
func TestPythonThrowsStdoutAwayWhenThereIsStderrAndGoDoesNot(t *testing.T) {
	const command = "echo out; echo err >&2"
	python := startPython(t, "command_server.py", "127.0.0.1:0")
	assert.Equal(t, "err\n", answer(t, python.listening(t), command))
	assert.Equal(t, "out\nerr\n", answer(t, serve(t, Server{}).addr, command))
}

func TestACommandThatCannotBeStartedIsAnsweredWithTheReason(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	require.NoError(t, os.Mkdir(dir, 0o700))
	server := serve(t, Server{Dir: dir})
	conn := connect(t, server.addr)
	send(t, conn, "echo hi")
	receive(t, conn, "hi\n")
	require.NoError(t, os.Remove(dir))
	send(t, conn, "echo hi")
	receive(t, conn, "(cannot run this: ") // and the system's own words
}
