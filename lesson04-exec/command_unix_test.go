//go:build unix

package remote

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatALessonsProgramIsNotMadeForIsWrongUsage(t *testing.T) {
	for call, says := range map[string]string{
		"server -addr :0":               "server: not listening on :0: other machines could run commands there: ",
		"server -network unix -addr @s": `server: not listening on "@s": other users could run commands there: `,
		"server -network unix":          "server: a unix socket has a path for an address: give one with -addr (-h lists the flags)",
		"client -network unix":          "client: a unix socket has a path for an address: give one with -addr (-h lists the flags)",
		"server -dir no-such-directory": "server: -dir: open no-such-directory: ",
		"server -dir go.mod":            "server: -dir: ",
		"server -max-clients 0":         "must be from 1 to 1000000",
		"server -max-output 0":          "must be from 1 to 1073741824",
		"server -network udp":           "choose tcp, tcp4, tcp6, unix",
		"client -network udp":           "choose tcp, tcp4, tcp6, unix",
		"client -encoding latin1":       "choose utf-8, gbk, gb18030",
	} {
		args := strings.Fields(call)
		status, lines := startGo(t, args[0], args[1:]...).exit(t)
		assert.Equal(t, 2, status, call)
		require.Len(t, lines, 1, call)
		assert.Contains(t, lines[0], says)
	}
}

func TestHelpNamesTheDefaults(t *testing.T) {
	for name, defaults := range map[string][]string{
		"server": {"127.0.0.1:8081", ".", "5m0s", "16", "1048576", "tcp", "10s"},
		"client": {"127.0.0.1:8081", "utf-8", "tcp", "15s"},
	} {
		status, lines := startGo(t, name, "-h").exit(t)
		assert.Zero(t, status)
		for _, value := range defaults {
			assert.Contains(t, strings.Join(lines, "\n"), "(default "+value+")")
		}
	}
}

func TestTheFlagsOfTheServerReachIt(t *testing.T) {
	t.Parallel()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	server := startGo(t, "server", "-addr", "127.0.0.1:0", "-dir", dir,
		"-timeout", "600ms", "-max-output", "5", "-max-clients", "1", "-idle-timeout", "700ms")
	addr := server.listening(t)
	conn := connect(t, addr)
	send(t, conn, "pwd | tail -c 5; sleep 1000")
	receive(t, conn, dir[len(dir)-4:]+"\n(stopped after 600ms)\n")
	send(t, conn, "echo 123456")
	receive(t, conn, "12345\n(cut: the first 5 of 7 bytes)\n")
	next := connect(t, addr) // waits until the first is dropped as silent
	send(t, next, "echo hi")
	receive(t, next, "hi\n")
	lines := server.nextLines(t, 7)
	assert.Equal(t, []string{
		here(conn) + " connected", here(conn) + ` runs "pwd | tail -c 5; sleep 1000"`, here(conn) + " answered with 27 bytes",
		here(conn) + ` runs "echo 123456"`, here(conn) + " answered with 36 bytes",
		here(conn) + " dropped: " + here(conn) + " was silent for 700ms: i/o timeout", here(next) + " connected",
	}, lines)
}

func TestTheFlagsOfTheClientReachIt(t *testing.T) {
	t.Parallel()
	ln := listen(t)
	client := startGo(t, "client", "-addr", ln.Addr().String(), "-raw", "-encoding", "gbk", "-timeout", "1s")
	conn := asServer(t, ln)
	client.typeLine(t, "one")
	receive(t, conn, "one")
	send(t, conn, "\x1b[1m\xd7\xdf\xc1\xcb")
	assert.Contains(t, client.line(t), "connected: ")
	assert.Equal(t, "\x1b[1m走了", client.line(t))
	client.typeLine(t, "two")
	status, lines := client.exit(t)
	assert.Equal(t, 1, status)
	assert.Equal(t, []string{"client: no answer: " + ln.Addr().String() +
		" was silent for 1s: i/o timeout; -timeout sets how long to wait; perhaps the other side is waiting too"}, lines)
}

func TestTheSameExchangeRunsOverAUnixSocket(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "") // the path of a socket has to be short
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "s.sock")
	server := startGo(t, "server", "-network", "unix", "-addr", path)
	assert.Equal(t, path, server.listening(t))
	client := startGo(t, "client", "-network", "unix", "-addr", path)
	client.typeLine(t, "echo hi")
	assert.Contains(t, client.line(t), "connected: ")
	assert.Equal(t, "hi", client.line(t))
	assert.Equal(t, []string{"@ connected", `@ runs "echo hi"`, "@ answered with 3 bytes"}, server.nextLines(t, 3))
	server.interrupt(t)
	status, _ := server.exit(t)
	assert.Zero(t, status)
	assert.NoFileExists(t, path)
}

func TestAClientThatIsDroppedSaysSoInOneLine(t *testing.T) {
	t.Parallel()
	for who, line := range map[string]string{"plain": "^read tcp|^EOF", "own": "^client: no answer: .*; the other side "} {
		server := startSide(t, who, "server", "127.0.0.1:0")
		client := startSide(t, who, "client", server.listening(t))
		client.typeLine(t, "GET / HTTP/1.1")
		status, lines := client.exit(t)
		assert.Equal(t, 1, status)
		assert.Regexp(t, line, lines[len(lines)-1])
	}
}

func TestEndOfInputEndsAClientWithStatus0(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"plain", "own"} {
		server := startSide(t, who, "server", "127.0.0.1:0")
		client := startSide(t, who, "client", server.listening(t))
		require.NoError(t, client.stdin.Close())
		status, _ := client.exit(t)
		assert.Zero(t, status, who)
	}
}

func TestALineOfMoreThan64KiBEndsAClientWithStatus1(t *testing.T) {
	t.Parallel()
	addr := serve(t, Server{}).addr
	for _, client := range []*exec.Cmd{built(t, "command_client", addr), built(t, "client", "-addr", addr)} {
		client.Stdin = strings.NewReader(strings.Repeat("x", 1<<16) + "\n")
		output, err := client.CombinedOutput()
		var failed *exec.ExitError
		require.ErrorAs(t, err, &failed)
		assert.Equal(t, 1, failed.ExitCode())
		assert.Contains(t, string(output), "token too long")
	}
}

func TestWhatOneClientDoesEndsThatClientOnly(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"plain", "own"} {
		addr := startSide(t, who, "server", "127.0.0.1:0").listening(t)
		silent := connect(t, addr)
		reset(t, silent)
		unstartable := connect(t, addr)
		send(t, unstartable, "echo \x00")
		receiveEnd(t, unstartable)
		deaf := connect(t, addr)
		send(t, deaf, "head -c 20000000 /dev/zero")
		receive(t, deaf, "\x00")
		reset(t, deaf) // in the middle of its answer
		assert.Equal(t, "hi\n", answer(t, addr, "echo hi"), who)
	}
}

func TestCtrlCEndsTheClientAndTheServerWithTheCommandThatRuns(t *testing.T) {
	t.Parallel()
	line := newLifeline(t)
	server := startGo(t, "server", "-addr", "127.0.0.1:0")
	addr := server.listening(t)
	client := startGo(t, "client", "-addr", addr)
	client.line(t) // connected
	client.interrupt(t)
	status, rest := client.exit(t)
	assert.Zero(t, status)
	assert.Empty(t, rest)
	assert.Contains(t, server.line(t), " connected")
	assert.Contains(t, server.line(t), " closed its side: EOF")

	conn := connect(t, addr)
	send(t, conn, "echo begun; "+line.holding("sleep 1000"))
	line.started(t)
	server.interrupt(t)
	receive(t, conn, "begun\n(stopped: the server is stopping)\n")
	line.ended(t)
	receiveEnd(t, conn)
	status, rest = server.exit(t)
	assert.Zero(t, status)
	assert.Equal(t, here(conn)+" dropped: the server is stopping", rest[len(rest)-1])
	_, err := net.Dial("tcp", addr)
	assert.Error(t, err, "no new clients")
}
