package remote

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
	ctx, cancel := context.WithTimeout(t.Context(), patience) // for a server that should have refused
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
		{"server -addr 0.0.0.0:0", wrongUsage, "not listening on 0.0.0.0:0: other machines could run commands there"},
		{"server -addr :8081", wrongUsage, "(ssh -L 8081:127.0.0.1:8081 HOST)"},
		{"server -network nonsense", wrongUsage, `unknown network "nonsense": choose tcp, tcp4, tcp6 or unix (-h lists the flags)`},
		{"server -network unix", wrongUsage, "a unix socket has a path for an address: give one with -addr"},
		{"server -dir no-such-directory", wrongUsage, "-dir: open no-such-directory: "},
		{"server -dir go.mod", wrongUsage, "-dir: "},
		{"server -max-clients 0", wrongUsage, "-max-output and -max-clients must be at least 1"},
		{"server -max-output 0", wrongUsage, "-max-output and -max-clients must be at least 1"},
		{"server -max-output -1", wrongUsage, "-max-output and -max-clients must be at least 1"},
		{"server -max-output much", wrongUsage, "invalid value"},
		{"server -timeout 0s", wrongUsage, "must be more than 0"},
		{"server -idle-timeout -1s", wrongUsage, "must be more than 0"},
		{"server -nonsense", wrongUsage, "flag provided but not defined: -nonsense (-h lists the flags)"},
		{"server nonsense", wrongUsage, `unexpected argument "nonsense"`},
		{"client -addr nonsense", wrongUsage, "an address is HOST:PORT with a port from 0 to 65535"},
		{"client -addr " + free, failed, "nobody listens there: start the server first"},
		{"client -network udp", wrongUsage, `unknown network "udp": choose tcp, tcp4, tcp6 or unix (-h lists the flags)`},
		{"client -encoding latin1", wrongUsage, `unknown encoding "latin1": choose utf-8, gbk or gb18030 (-h lists the flags)`},
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
		"server": {"addr", "dir", "idle-timeout", "max-clients", "max-output", "network", "timeout"},
		"client": {"addr", "encoding", "network", "raw", "timeout"},
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

func TestHelpNamesTheDefaults(t *testing.T) {
	_, server, _ := run(t, "server", "-h")
	for _, value := range []string{"127.0.0.1:8081", ".", "5m0s", "16", "1048576", "tcp", "10s"} {
		assert.Contains(t, server, "(default "+value+")")
	}
	_, client, _ := run(t, "client", "-h")
	for _, value := range []string{"127.0.0.1:8081", "utf-8", "tcp", "15s"} {
		assert.Contains(t, client, "(default "+value+")")
	}
	assert.NotContains(t, server+client, "(default )")
	assert.NotContains(t, server+client, "(default false)")
}

func TestTheFlagsOfTheServerReachIt(t *testing.T) {
	needsUnix(t)
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	server := startGo(t, "server", "-addr", "127.0.0.1:0", "-dir", dir,
		"-timeout", "1s", "-max-output", "5", "-max-clients", "1", "-idle-timeout", "1100ms")
	addr := server.listening(t)
	conn := connect(t, addr)
	send(t, conn, "pwd | tail -c 5; sleep 1000")
	receive(t, conn, dir[len(dir)-4:]+"\n(stopped after 1s)\n")
	send(t, conn, "echo 123456")
	receive(t, conn, "12345\n(cut: the first 5 of 7 bytes)\n")
	next := connect(t, addr) // waits until the first is dropped as silent
	send(t, next, "echo hi")
	receive(t, next, "hi\n")
	lines := server.nextLines(t, 7)
	assert.Equal(t, []string{
		here(conn) + " connected", here(conn) + ` runs "pwd | tail -c 5; sleep 1000"`, here(conn) + " answered with 24 bytes",
		here(conn) + ` runs "echo 123456"`, here(conn) + " answered with 36 bytes",
		here(conn) + " dropped: " + here(conn) + " was silent for 1.1s: i/o timeout", here(next) + " connected",
	}, lines)
}

func TestRawAndTimeoutReachTheClient(t *testing.T) {
	ln := listen(t)
	client := startGo(t, "client", "-addr", ln.Addr().String(), "-raw", "-timeout", "1s")
	conn := asServer(t, ln)
	client.typeLine(t, "one")
	receive(t, conn, "one")
	send(t, conn, "\x1b[1m")
	assert.Contains(t, client.line(t), "connected: ")
	assert.Equal(t, "\x1b[1m", client.line(t))
	client.typeLine(t, "two")
	status, lines := client.exit(t)
	assert.Equal(t, 1, status)
	assert.Equal(t, []string{"client: no answer: " + ln.Addr().String() +
		" was silent for 1s: i/o timeout; -timeout sets how long to wait; perhaps the other side is waiting too"}, lines)
}

func TestADroppedClientSaysSoInOneLine(t *testing.T) {
	server := serve(t, Server{})
	client := startGo(t, "client", "-addr", server.addr)
	client.typeLine(t, "GET / HTTP/1.1")
	status, lines := client.exit(t)
	assert.Equal(t, 1, status)
	assert.Regexp(t, `^client: no answer: .*; the other side `, lines[len(lines)-1])
	assert.Len(t, lines, 2)
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

func TestEndOfInputEndsTheClientWithStatus0(t *testing.T) {
	server := serve(t, Server{})
	client := startGo(t, "client", "-addr", server.addr)
	client.typeLine(t, "echo hi")
	require.NoError(t, client.stdin.Close())
	status, lines := client.exit(t)
	assert.Zero(t, status)
	assert.Equal(t, "hi", lines[len(lines)-1])
}
