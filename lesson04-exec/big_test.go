//go:build unix

package remote

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNoSizeOfOutputStopsACommand(t *testing.T) {
	server := serve(t, Server{})
	assert.Equal(t, seq(1, 100000), answer(t, server.addr, "seq 1 100000"), "588895 bytes, nine times what a pipe holds")
	assert.Len(t, answer(t, server.addr, "seq 1 100000 >&2"), 588895, "on standard error too")
}

// D5. The Python server waits for the end of stderr, the command for room in the
// pipe of stdout, which is full. Both commands first say that it is; then Go
// has answered, to the last byte, before we look what Python has.
func TestACommandThatPrintsMoreThanAPipeHoldsNeverFinishesInPythonAndDoesInGo(t *testing.T) {
	const command = "head -c 65536 /dev/zero; echo $$ >&9; seq 1 100000"
	pythonLine, goLine := newLifeline(t), newLifeline(t)
	python := startPython(t, "command_server.py", "127.0.0.1:0")
	conn := connect(t, python.listening(t))
	send(t, conn, "exec 9>"+pythonLine.path+"; "+command)
	pythonLine.started(t) // the pipe is full, and nobody has read from it

	output := answer(t, serve(t, Server{}).addr, "exec 9>"+goLine.path+"; "+command)
	assert.Equal(t, strings.Repeat("\x00", 65536)+seq(1, 100000), output)
	goLine.ended(t)

	pythonLine.alive(t)
	quiet(t, conn)
}

// The cause of D5, shown by its opposite: a command that closes stderr itself
// lets Python go on to stdout.
func TestPythonReadsStdoutOnlyOnceStderrIsAtItsEnd(t *testing.T) {
	python := startPython(t, "command_server.py", "127.0.0.1:0")
	assert.Equal(t, seq(1, 100000), answer(t, python.listening(t), "exec 2>&-; seq 1 100000"))
}

func TestAnAnswerOfMaxOutputBytesIsWholeAndALongerOneIsCutWithALineThatSaysSo(t *testing.T) {
	server := serve(t, Server{MaxOutput: 10})
	for command, want := range map[string]string{
		"printf 123456789":          "123456789",
		"printf 1234567890":         "1234567890",
		"printf 12345678901":        "1234567890\n(cut: the first 10 of 11 bytes)\n",
		"echo 123456789; echo 1":    "123456789\n(cut: the first 10 of 12 bytes)\n",
		"echo 12345678901; exit 3":  "1234567890\n(exit status 3)\n(cut: the first 10 of 12 bytes)\n",
		"printf 1234567890; exit 3": "1234567890\n(exit status 3)\n",
	} {
		assert.Equal(t, want, answer(t, server.addr, command), command)
	}
}

func TestMaxOutputIs1048576BytesUnlessToldOtherwise(t *testing.T) {
	server := serve(t, Server{})
	whole := answer(t, server.addr, "head -c 1048576 /dev/zero")
	assert.Equal(t, strings.Repeat("\x00", 1<<20), whole)
	cut := answer(t, server.addr, "head -c 1048577 /dev/zero")
	assert.Equal(t, whole+"\n(cut: the first 1048576 of 1048577 bytes)\n", cut)
}

func TestACommandThatPrintsTooMuchRunsOnToItsEnd(t *testing.T) {
	line := newLifeline(t)
	server := serve(t, Server{MaxOutput: 1})
	assert.Equal(t, "1\n(exit status 5)\n(cut: the first 1 of 588895 bytes)\n",
		answer(t, server.addr, line.holding("seq 1 100000; exit 5")))
	line.ended(t)
}

func TestAnAnswerLargerThanWhatTheKernelHoldsWaitsForItsReader(t *testing.T) {
	server := serve(t, Server{MaxOutput: 64 << 20})
	conn := connect(t, server.addr)
	send(t, conn, "head -c 20000000 /dev/zero")
	server.shown.until(t, `runs "head -c 20000000 /dev/zero"`)
	n, err := io.Copy(io.Discard, io.LimitReader(conn, 20000000))
	require.NoError(t, err)
	assert.EqualValues(t, 20000000, n)
	assert.Equal(t, here(conn)+" answered with 20000000 bytes", server.shown.line(t))
}
