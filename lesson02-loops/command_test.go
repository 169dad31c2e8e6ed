package loops

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// run runs a Go program of the lesson to its end, with an empty input.
func run(t *testing.T, name string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	dir, err := buildPrograms()
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), lifetime)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(dir, name), args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	var failed *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &failed) {
		require.NoError(t, err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

func TestNonsenseIsAnsweredWithOneLineAndTheRightStatus(t *testing.T) {
	taken := listen(t).Addr().String()
	free := here(connect(t, taken)) // nobody listens there, and nobody can begin to
	const wrongUsage, failed = 2, 1
	for _, call := range []struct {
		args   string
		status int
		says   string
	}{
		{"server -addr nonsense", wrongUsage, "an address is HOST:PORT with a port from 0 to 65535"},
		{"server -addr 127.0.0.1:65536", wrongUsage, "an address is HOST:PORT with a port from 0 to 65535"},
		{"server -addr " + taken, failed, "choose another with -addr"},
		{"server -addr 192.0.2.1:0", failed, "this machine does not have that address"},
		{"server -exchange nonsense", wrongUsage, `unknown exchange "nonsense": choose upper or greet (-h lists the flags)`},
		{"server -max-clients 0", wrongUsage, "-max-clients must be at least 1"},
		{"server -max-clients -1", wrongUsage, "-max-clients must be at least 1"},
		{"server -max-clients many", wrongUsage, "invalid value"},
		{"server -idle-timeout 0s", wrongUsage, "must be more than 0"},
		{"server -idle-timeout -1s", wrongUsage, "must be more than 0"},
		{"server -idle-timeout soon", wrongUsage, "invalid duration"},
		{"server -nonsense", wrongUsage, "flag provided but not defined: -nonsense (-h lists the flags)"},
		{"server nonsense", wrongUsage, `unexpected argument "nonsense"`},
		{"client -addr nonsense", wrongUsage, "an address is HOST:PORT with a port from 0 to 65535"},
		{"client -addr " + free, failed, "nobody listens there: start the server first"},
		{"client -exchange greet -addr " + free, failed, "nobody listens there: start the server first"},
		{"client -two -addr " + free, failed, "nobody listens there: start the server first"},
		{"client -half-close -addr " + free, failed, "nobody listens there: start the server first"},
		{"client -exchange nonsense", wrongUsage, `unknown exchange "nonsense"`},
		{"client -two -exchange nonsense", wrongUsage, `unknown exchange "nonsense"`},
		{"client -timeout 0s", wrongUsage, "must be more than 0"},
		{"client nonsense", wrongUsage, `unexpected argument "nonsense"`},
	} {
		t.Run(call.args, func(t *testing.T) {
			args := strings.Fields(call.args)
			status, stdout, stderr := run(t, args[0], args[1:]...)
			assert.Equal(t, call.status, status)
			assert.Empty(t, stdout)
			assert.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
			assert.True(t, strings.HasPrefix(stderr, args[0]+": "), stderr)
			assert.Contains(t, stderr, call.says)
		})
	}
}

func TestHelpExplainsEveryFlagInALine(t *testing.T) {
	for name, flags := range map[string][]string{
		"server": {"addr", "concurrent", "exchange", "idle-timeout", "max-clients"},
		"client": {"addr", "exchange", "half-close", "send-empty", "timeout", "two"},
	} {
		status, stdout, stderr := run(t, name, "-h")
		assert.Zero(t, status)
		assert.Empty(t, stderr)
		lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
		require.Len(t, lines, len(flags))
		for i, flag := range flags {
			assert.Regexp(t, `^  -`+flag+` .*  \S`, lines[i])
		}
	}
}

func TestHelpNamesTheDefaultsThatAreNotNothing(t *testing.T) {
	_, server, _ := run(t, "server", "-h")
	assert.Contains(t, server, "(default upper)")
	assert.Contains(t, server, "(default 5m0s)")
	assert.Contains(t, server, "(default 1000)")
	assert.NotContains(t, server, "(default false)")
	assert.NotContains(t, server, "(default )")
	_, client, _ := run(t, "client", "-h")
	assert.Contains(t, client, "(default 5s)")
}

func TestTheOriginalsAddressesAreTheDefault(t *testing.T) {
	for name, original := range map[string]string{"upper": "127.0.0.1:8081", "greet": "127.0.0.1:2000"} {
		addr, greet, err := Choose(name, "")
		assert.NoError(t, err)
		assert.Equal(t, original, addr)
		assert.Equal(t, name == "greet", greet)
		addr, _, err = Choose(name, "127.0.0.1:0")
		assert.NoError(t, err)
		assert.Equal(t, "127.0.0.1:0", addr)
	}
}

func TestTwoSocketsMeansTheExchangeInWhichTheServerGreets(t *testing.T) {
	status, _, stderr := run(t, "client", "-two", "-timeout", "1s")
	if status == 0 {
		t.Skip("a greeting server listens on the original's port")
	}
	assert.Contains(t, stderr, "127.0.0.1:2000")
}

func TestCtrlCEndsBothProgramsWithStatus0(t *testing.T) {
	server := startGo(t, "server", "-addr", "127.0.0.1:0")
	client := startGo(t, "client", "-addr", server.listening(t))
	client.line(t) // connected
	client.interrupt(t)
	status, rest := client.exit(t)
	assert.Zero(t, status)
	assert.Empty(t, rest)
	assert.Contains(t, server.line(t), " connected")
	assert.Contains(t, server.line(t), " closed its side: EOF")
	server.interrupt(t)
	status, rest = server.exit(t)
	assert.Zero(t, status)
	assert.Empty(t, rest)
}

func TestAClientWhoseServerLeavesSaysSo(t *testing.T) {
	ln := listen(t)
	client := startGo(t, "client", "-addr", ln.Addr().String())
	require.NoError(t, asServer(t, ln).Close())
	client.typeLine(t, "anybody there?")
	status, lines := client.exit(t)
	assert.Equal(t, 1, status)
	assert.Regexp(t, `^client: received 0 bytes of an answer of 14: .*; the other side `, lines[len(lines)-1])
}

func TestAClientWaitsNoLongerThanItsTimeoutForAnAnswer(t *testing.T) {
	clients := map[string]*program{} // by the server's address; all wait at once
	for _, args := range [][]string{nil, {"-half-close"}, {"-exchange", "greet"}} {
		ln := listen(t)
		client := startGo(t, "client", append(args, "-timeout", "1s", "-addr", ln.Addr().String())...)
		clients[here(asServer(t, ln))] = client
		client.typeLine(t, "anybody there?")
		require.NoError(t, client.stdin.Close())
	}
	for addr, client := range clients {
		status, lines := client.exit(t)
		assert.Equal(t, 1, status)
		assert.Contains(t, lines[len(lines)-1], addr+
			" was silent for 1s: i/o timeout; -timeout sets how long to wait; perhaps the other side is waiting too")
	}
}
