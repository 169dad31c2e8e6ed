package basictcp

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The commands' contract: -h, one line and the right status for nonsense, and
// what becomes of the programs when the other side leaves or input ends.

// run runs a Go program of the lesson to its end.
func run(t testing.TB, name string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	dir, err := buildPrograms()
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), lifetime)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(dir, name), args...)
	var out, failures bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &failures
	if failed := new(exec.ExitError); !errors.As(cmd.Run(), &failed) {
		require.True(t, cmd.ProcessState.Success())
	}
	return out.String(), failures.String(), cmd.ProcessState.ExitCode()
}

func TestNonsenseIsAnsweredWithOneLineAndStatusOneOrTwo(t *testing.T) {
	const wrong, failed = 2, 1
	const address = "; an address is HOST:PORT with a port from 0 to 65535, like 127.0.0.1:8081 or, for tcp6, [::1]:8081"
	folder := shortTempDir(t)
	for _, c := range []struct {
		args   string
		status int
		says   string // what failed, and what to do
	}{
		{"-exchange foo", wrong, `unknown exchange "foo": choose upper, hello, greet or ask (-h lists the flags)`},
		{"-network udp", wrong, `unknown network "udp": choose tcp, tcp4, tcp6 or unix (-h lists the flags)`},
		{"-network unix", wrong, "a unix socket has a path for an address: give one with -addr (-h lists the flags)"},
		{"-nonsense", wrong, "flag provided but not defined: -nonsense (-h lists the flags)"},
		{"nonsense", wrong, `unexpected argument "nonsense" (-h lists the flags)`},
		{"-timeout 0s", wrong, `invalid value "0s" for flag -timeout: must be more than 0 (-h lists the flags)`},
		{"-timeout soon", wrong, `invalid value "soon" for flag -timeout: time: invalid duration "soon" (-h lists the flags)`},
		{"-addr nonsense", wrong, "missing port in address" + address},
		{"-addr 127.0.0.1:65536", wrong, "invalid port" + address},
		{"-addr 127.0.0.1:-1", wrong, "invalid port" + address},
		{"-addr ::1:1", wrong, "too many colons in address" + address},
		{"-network tcp6", wrong, "no suitable address found" + address},
		{"-addr localhost:no\nsuch", failed, "lookup tcp/no such: unknown port; check the spelling, or use an IP address and a port number"},
		{"-network unix -addr " + filepath.Join(folder, "no", "path"), failed, "there is no such path: start the server first, or give its path with -addr"},
		{"-network unix -addr /" + strings.Repeat("x", 200), failed, "invalid argument; a unix path that long has no room in an address: choose a shorter one"},
	} {
		for _, program := range []string{"server", "client"} {
			stdout, stderr, status := run(t, program, strings.Split(c.args, " ")...)
			assert.Equal(t, c.status, status, "%s %s", program, c.args)
			assert.Empty(t, stdout, "%s %s", program, c.args)
			assertOneLine(t, stderr, program+": ", c.says)
		}
	}
}

func assertOneLine(t testing.TB, stderr, begins, ends string) {
	t.Helper()
	line, rest, _ := strings.Cut(stderr, "\n")
	assert.True(t, strings.HasPrefix(line, begins), line)
	assert.True(t, strings.HasSuffix(line, ends), "%s\ndoes not end with\n%s", line, ends)
	assert.Empty(t, rest, "one line")
}

func TestHelpHasALineForEachFlag(t *testing.T) {
	for _, program := range []string{"server", "client"} {
		stdout, stderr, status := run(t, program, "-h")
		assert.Zero(t, status)
		assert.Empty(t, stderr)
		lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
		require.Len(t, lines, 4)
		for i, want := range []string{
			`^  -addr HOST:PORT     \S.* HOST:PORT, or .* path with -network unix \(default the original's\)$`,
			`^  -exchange EXCHANGE  \S.* upper, hello, greet or ask \(default upper\)$`,
			`^  -network NETWORK    \S.* tcp, tcp4, tcp6 or unix \(default tcp\)$`,
			`^  -timeout DURATION   wait .* for (a client|the server), or for its next bytes \(default 5m0s\)$`,
		} {
			assert.Regexp(t, regexp.MustCompile(want), lines[i])
		}
	}
}

func TestAPeerThatLeavesWithoutAWordIsAnErrorInOneLine(t *testing.T) {
	server := startGo(t, "server", "-addr", "127.0.0.1:0")
	conn := dial(t, server.listening(t))
	require.NoError(t, conn.Close())
	status, lines := server.exit(t)
	assert.Equal(t, 1, status)
	assertOneLine(t, lines[1], "server: nothing received from "+conn.LocalAddr().String()+": EOF; ",
		"the other side has closed the connection: look at its last lines")

	ln := listen(t)
	_, stderr, status := runWhile(t, func() {
		conn := accept(t, ln)
		read(t, conn, 100)
		require.NoError(t, conn.Close())
	}, "client", "-addr", ln.Addr().String())
	assert.Equal(t, 1, status)
	assertOneLine(t, stderr, "client: nothing received from "+ln.Addr().String()+": EOF; ",
		"the other side has closed the connection: look at its last lines")
}

// runWhile runs a program while the test does its part.
func runWhile(t testing.TB, part func(), name string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		stdout, stderr, status = run(t, name, args...)
	}()
	part()
	<-ended
	return stdout, stderr, status
}

func TestTheEndOfInputEndsAProgramWithStatusZero(t *testing.T) {
	server := startGo(t, "server", "-exchange", "ask", "-addr", "127.0.0.1:0")
	client := startGo(t, "client", "-exchange", "ask", "-addr", server.listening(t))
	require.NoError(t, client.stdin.Close())
	status, lines := client.exit(t)
	assert.Zero(t, status)
	assert.Len(t, lines, 1, "connected, and nothing else")
	status, _ = server.exit(t)
	assert.Equal(t, 1, status, "to the server it is a client that left without a word")
}
