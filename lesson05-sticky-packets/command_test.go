package sticky

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
		{"server -exchange nonsense", wrongUsage, `unknown exchange "nonsense": choose show or count (-h lists the flags)`},
		{"server -framing nonsense", wrongUsage, `unknown framing "nonsense": choose none, header, prefix, line or fixed (-h lists the flags)`},
		{"server -framing=", wrongUsage, `unknown framing ""`},
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
		{"client -exchange count -addr " + free, failed, "nobody listens there: start the server first"},
		{"client -exchange nonsense", wrongUsage, `unknown exchange "nonsense"`},
		{"client -framing nonsense", wrongUsage, `unknown framing "nonsense"`},
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
		"server": {"addr", "exchange", "framing", "idle-timeout", "max-clients"},
		"client": {"addr", "exchange", "framing", "timeout"},
	} {
		status, stdout, stderr := run(t, name, "-h")
		assert.Zero(t, status)
		assert.Empty(t, stderr)
		lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
		require.Len(t, lines, len(flags))
		for i, flag := range flags {
			assert.Regexp(t, `^  -`+flag+` .*  \S`, lines[i])
		}
		assert.Contains(t, stdout, "(default 127.0.0.1:8080)")
		assert.Contains(t, stdout, "(default show)")
		assert.Contains(t, stdout, "(default none)")
	}
	_, server, _ := run(t, "server", "-h")
	assert.Contains(t, server, "(default 5m0s)")
	assert.Contains(t, server, "(default 1000)")
	_, client, _ := run(t, "client", "-h")
	assert.Contains(t, client, "(default 5s)")
}

func TestCtrlCEndsBothProgramsWithStatus0(t *testing.T) {
	for _, args := range [][]string{{"-exchange", "count", "-framing", "line"}, {"-exchange", "count"}} {
		server := startGo(t, "server", append(args, "-addr", "127.0.0.1:0")...)
		client := startGo(t, "client", append(args, "-addr", server.listening(t))...)
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
}

func TestAClientWithoutAnAnswerSaysSo(t *testing.T) {
	for timeout, says := range map[string]string{
		"1h":   "client: no answer: EOF; the other side has closed the connection: look at its last lines",
		"50ms": "was silent for 50ms: i/o timeout; -timeout sets how long to wait; perhaps the other side is waiting too",
	} {
		ln := listen(t)
		client := startGo(t, "client", "-exchange", "count", "-framing", "line", "-timeout", timeout, "-addr", ln.Addr().String())
		conn := asServer(t, ln)
		client.typeLine(t, "3")
		msg, err := framed(t, "line", conn).read()
		require.NoError(t, err)
		assert.Equal(t, "3", string(msg))
		if timeout == "1h" {
			require.NoError(t, conn.Close())
		}
		status, lines := client.exit(t)
		assert.Equal(t, 1, status)
		assert.Contains(t, lines[len(lines)-1], says)
	}
}
