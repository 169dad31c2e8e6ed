package transfer

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
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
	cmd.Dir = t.TempDir()
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
	file := filepath.Join(t.TempDir(), "file")
	write(t, filepath.Dir(file), "file", "")
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
		{"server -dir nosuch", wrongUsage, "-dir: open nosuch"},
		{"server -dir " + file, wrongUsage, "-dir: "},
		{"server -max-clients 0", wrongUsage, "-max-clients must be at least 1"},
		{"server -max-clients -1", wrongUsage, "-max-clients must be at least 1"},
		{"server -max-clients many", wrongUsage, "invalid value"},
		{"server -idle-timeout 0s", wrongUsage, "must be more than 0"},
		{"server -timeout -1s", wrongUsage, "must be more than 0"},
		{"server -timeout soon", wrongUsage, "invalid duration"},
		{"server -nonsense", wrongUsage, "flag provided but not defined: -nonsense (-h lists the flags)"},
		{"server nonsense", wrongUsage, `unexpected argument "nonsense"`},
		{"client -addr nonsense", wrongUsage, "an address is HOST:PORT with a port from 0 to 65535"},
		{"client -addr " + free, failed, "nobody listens there: start the server first"},
		{"client -addr " + free + " get hello.txt", failed, "nobody listens there: start the server first"},
		{"client -dir " + file + "/below", wrongUsage, "-dir: "},
		{"client -timeout 0s", wrongUsage, "must be more than 0"},
		{"client nonsense", wrongUsage, `not a request: say "get NAME" or "list" (-h lists the flags)`},
		{"client get", wrongUsage, `not a request: say "get NAME" or "list"`},
		{"client list hello.txt", wrongUsage, `not a request: say "get NAME" or "list"`},
		{"client get ../../etc/passwd", wrongUsage, `not the name of a shared file: "../../etc/passwd"`},
		{"client get hello.txt /etc/passwd", wrongUsage, `not the name of a shared file: "/etc/passwd"`},
	} {
		t.Run(strings.NewReplacer(taken, "TAKEN", free, "FREE", file, "FILE").Replace(call.args), func(t *testing.T) {
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
		"server": {"addr", "dir", "idle-timeout", "max-clients", "md5", "timeout"},
		"client": {"addr", "dir", "force", "resume", "timeout"},
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

func TestTheOriginalsAddressIsTheDefault(t *testing.T) {
	_, server, _ := run(t, "server", "-h")
	for _, value := range []string{"127.0.0.1:9901", ".", "5m0s", "1000", "30s"} {
		assert.Contains(t, server, "(default "+value+")")
	}
	_, client, _ := run(t, "client", "-h")
	for _, value := range []string{"127.0.0.1:9901", ".", "1m0s"} {
		assert.Contains(t, client, "(default "+value+")")
	}
	assert.NotContains(t, client, "(default false)")
}

func TestTheFlagsOfTheServerAreItsLimits(t *testing.T) {
	server := startGo(t, "server", "-addr", "127.0.0.1:0", "-dir", shared(t), "-idle-timeout", "20ms", "-max-clients", "1")
	conn := connect(t, server.listening(t))
	_, err := conn.Read(make([]byte, 1))
	assert.Error(t, err)
	assert.Equal(t, []string{
		here(conn) + " connected",
		here(conn) + " dropped: " + here(conn) + " was silent for 20ms: i/o timeout",
	}, server.nextLines(t, 2))

	place := newPlace(t)
	write(t, place.share, "big", "")
	require.NoError(t, os.Truncate(filepath.Join(place.share, "big"), 64<<20)) // more than the two kernels hold
	server = startGo(t, "server", "-addr", "127.0.0.1:0", "-dir", place.share, "-timeout", "50ms")
	conn = connect(t, server.listening(t))
	send(t, conn, "get big")
	assert.Equal(t, here(conn)+" dropped: "+here(conn)+" took nothing for 50ms: i/o timeout", server.nextLines(t, 3)[2])
}

func TestTheClientMakesItsDirectoryAndReadsRequestsFromItsInput(t *testing.T) {
	server := serve(t, new(Server), shared(t))
	dir := filepath.Join(t.TempDir(), "new", "download")
	client := startGo(t, "client", "-addr", server.addr, "-dir", dir)
	assert.Contains(t, client.line(t), "connected: local ")
	client.typeLine(t, "get hello.txt")
	assert.Equal(t, `"hello.txt": 32 bytes, md5 is right`, client.line(t))
	client.typeLine(t, "get poems/套接字.txt")
	client.line(t)
	require.NoError(t, client.stdin.Close())
	status, rest := client.exit(t)
	assert.Zero(t, status)
	assert.Empty(t, rest)
	assert.Equal(t, files(t, server.dir)["poems/套接字.txt"], files(t, dir)["poems/套接字.txt"])
}

func TestTheFlagsOfTheClientDoWhatTheySay(t *testing.T) {
	server, dir := serve(t, new(Server), shared(t)), t.TempDir()
	write(t, dir, "hello.txt", "mine")
	get := func(flags ...string) (int, string, string) {
		return run(t, "client", append(append([]string{"-addr", server.addr, "-dir", dir}, flags...), "get", "hello.txt")...)
	}
	status, _, stderr := get()
	assert.Equal(t, 1, status)
	assert.Equal(t, "client: \"hello.txt\" is here already: -force replaces it\n", stderr)
	write(t, dir, partName("hello.txt", helloMD5), hello[:6])
	status, stdout, stderr := get("-force", "-resume")
	assert.Zero(t, status)
	assert.Empty(t, stderr)
	assert.Contains(t, stdout, `"hello.txt": 32 bytes, md5 is right`)
	server.shown.until(t, "26 bytes from 6 on")

	silent := asServer(t, func(conn *net.TCPConn) { heard(conn); heard(conn) })
	status, _, stderr = run(t, "client", "-addr", silent, "-timeout", "1s", "get", "x")
	assert.Equal(t, 1, status)
	assert.Contains(t, stderr, `no answer to "get x": `+silent+` was silent for 1s: i/o timeout; -timeout sets how long to wait; perhaps the other side is waiting too`)
}

func TestCtrlCEndsBothProgramsWithStatus0(t *testing.T) {
	server := startGo(t, "server", "-addr", "127.0.0.1:0", "-dir", shared(t))
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
