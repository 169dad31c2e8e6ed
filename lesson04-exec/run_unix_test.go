//go:build unix

package remote

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// soon is a time limit that a test waits out.
const soon = 500 * time.Millisecond

func TestAnAnswerOfMaxOutputBytesIsWholeAndALongerOneIsCutWithALineThatSaysSo(t *testing.T) {
	server := serve(t, Server{MaxOutput: 10})
	for command, want := range map[string]string{
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
	server := serve(t, Server{MaxOutput: 64 << 20, Timeout: patience}) // a busy machine takes its time for so many bytes
	conn := connect(t, server.addr)
	send(t, conn, "head -c 20000000 /dev/zero")
	server.shown.until(t, `runs "head -c 20000000 /dev/zero"`)
	n, err := io.Copy(io.Discard, io.LimitReader(conn, 20000000))
	require.NoError(t, err)
	assert.EqualValues(t, 20000000, n)
	assert.Equal(t, here(conn)+" answered with 20000000 bytes", server.shown.line(t))
}

func TestTheTimeLimitIsTenSecondsUnlessToldOtherwise(t *testing.T) {
	assert.Equal(t, 10*time.Second, new(Server).timeout())
	assert.Equal(t, soon, (&Server{Timeout: soon}).timeout())
}

// That the limit is for each command, and ends with it.
func TestACommandWithinTheTimeLimitIsNotStoppedAfterwards(t *testing.T) {
	t.Parallel()
	server := serve(t, Server{Timeout: 2 * soon})
	conn := connect(t, server.addr)
	for range 3 {
		send(t, conn, "sleep 0.4; echo hi")
		receive(t, conn, "hi\n")
	}
}

func TestATimeLimitEndsTheWholeProcessGroup(t *testing.T) {
	t.Parallel()
	line := newLifeline(t)
	server := serve(t, Server{Timeout: 2 * soon})
	conn := connect(t, server.addr)
	send(t, conn, line.holding("sleep 1000 & sh -c 'sleep 1000 & sleep 1000' & trap '' TERM INT HUP; sleep 1000 | sleep 1000"))
	pid := line.started(t)
	assert.NoError(t, syscall.Kill(-pid, 0), "the group is there")
	receive(t, conn, "(stopped after 1s)\n")
	line.ended(t)
}

func TestWhatACommandLeavesInTheBackgroundEndsWithIt(t *testing.T) {
	line := newLifeline(t)
	server := serve(t, Server{Timeout: 20 * time.Second, farewell: time.Hour}) // which are not waited for, though the background holds the pipe
	conn := connect(t, server.addr)
	send(t, conn, line.holding("sleep 1000 & sleep 1000 >/dev/null 2>&1 & echo done"))
	line.started(t)
	answer := make([]byte, 1024)
	n, err := conn.Read(answer)
	require.NoError(t, err)
	assert.Equal(t, "done\n", string(answer[:n]), "and not that it was stopped")
	line.ended(t)
}

// A process that starts a session of its own is out of reach. It can keep the
// answer back, by holding the pipe, for no longer than parting.
func TestAProcessThatLeavesItsGroupEscapesAndDelaysTheAnswerByNoMoreThanASecond(t *testing.T) {
	t.Parallel()
	python, err := findPython()
	if err != nil {
		t.Skip("needs python3, which is not here")
	}
	line := newLifeline(t)
	server := serve(t, Server{})
	conn := connect(t, server.addr)
	send(t, conn, "exec 9>"+line.path+`; "`+python+`" -c '`+
		`import os, subprocess; `+
		`sleep = subprocess.Popen(["sleep", "1000"], start_new_session=True, pass_fds=[9]); `+
		`os.write(9, b"%d\n" % sleep.pid)'`)
	receive(t, conn, "(no output, exit status 0)\n")
	line.started(t) // and is ended by the test
	line.alive(t)
	assert.Equal(t, time.Second, new(Server).parting())
}

func TestACommandThatCannotBeStartedIsAnsweredWithTheReason(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	require.NoError(t, os.Mkdir(dir, 0o700))
	server := serve(t, Server{Dir: dir})
	conn := connect(t, server.addr)
	send(t, conn, "pwd -P | tail -c 5")
	receive(t, conn, "gone\n")
	require.NoError(t, os.Remove(dir))
	send(t, conn, "echo hi")
	receive(t, conn, "(cannot run this: ") // and the system's own words
}

func TestACommandReadsNothingFromTheServersTerminal(t *testing.T) {
	server := serve(t, Server{})
	assert.Equal(t, "(no output, exit status 0)\n", answer(t, server.addr, "cat"), "its input is empty")
}

// variables returns what a command finds in its environment, but for what shells
// set for themselves and their children.
func variables(t *testing.T) []string {
	t.Helper()
	found := strings.Split(strings.TrimSpace(answer(t, serve(t, Server{}).addr, "/usr/bin/env")), "\n")
	found = slices.DeleteFunc(found, func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return slices.Contains([]string{"PWD", "OLDPWD", "SHLVL", "_"}, name)
	})
	slices.Sort(found)
	return found
}

func TestACommandSeesAListedEnvironmentAndNoSecretsAndWithPythonAllOfIt(t *testing.T) {
	t.Setenv("API_TOKEN", "secret")
	t.Setenv("SSH_AUTH_SOCK", "secret")
	t.Setenv("LD_PRELOAD", "")
	t.Setenv("HOME", "/home/someone")
	t.Setenv("LANG", "C.UTF-8")
	t.Setenv("LC_ALL", "C")
	t.Setenv("TZ", "UTC")
	for _, windows := range []string{"SystemRoot", "ComSpec", "PATHEXT", "TEMP"} {
		t.Setenv(windows, "x")
	}
	assert.Equal(t, []string{"ComSpec=x", "HOME=/home/someone", "LANG=C.UTF-8", "LC_ALL=C", "PATH=" + os.Getenv("PATH"),
		"PATHEXT=x", "SystemRoot=x", "TEMP=x", "TZ=UTC"}, variables(t))
	for _, who := range []string{"Python", "plain"} {
		server := startSide(t, who, "server", "127.0.0.1:0")
		assert.Equal(t, "secret\n", answer(t, server.listening(t), "echo $API_TOKEN"), who)
	}
}

// An empty list must not be taken for none, which would mean everything.
func TestAServerWithNoneOfTheListedVariablesPassesNothingOn(t *testing.T) {
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if slices.Contains([]string{"PATH", "HOME", "LANG", "LC_ALL", "TZ", "SystemRoot", "ComSpec", "PATHEXT", "TEMP"}, name) {
			t.Setenv(name, "") // puts it back when the test ends
			require.NoError(t, os.Unsetenv(name))
		}
	}
	t.Setenv("API_TOKEN", "secret")
	assert.Equal(t, []string{}, environment())
	assert.NotNil(t, environment())
}
