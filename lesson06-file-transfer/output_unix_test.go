//go:build unix

package transfer

import (
	"bytes"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAFullDiskLeavesAPartAndOneLine(t *testing.T) {
	place := newPlace(t)
	content := random(1_000_000)
	write(t, place.share, "big", content)
	_, addr := place.startServer(t, "own")
	// 1000 blocks of 512 bytes are the longest file that this client may write.
	client := start(t, exec.Command("sh", "-c", `ulimit -f 1000 && exec "$0" "$@"`,
		built(t, "client"), "-addr", addr, "-dir", place.download, "get", "big"))
	status, lines := client.exit(t)
	assert.Equal(t, 1, status)
	assert.Equal(t, `client: "big" broke off after 512000 of 1000000 bytes, -resume goes on from there: write `+
		filepath.Join(place.download, partName("big", md5Of(content)))+`: file too large`, lines[len(lines)-1])
	assert.True(t, strings.HasPrefix(content, onlyOne(t, files(t, place.download))))

	status, _ = startGo(t, "client", "-addr", addr, "-dir", place.download, "-resume", "get", "big").exit(t)
	assert.Zero(t, status)
	assert.True(t, content == onlyOne(t, files(t, place.download)))
}

func TestOutputThatCannotBeWrittenIsStatus1AndNoFile(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has /dev/full")
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	require.NoError(t, err)
	server, download := serve(t, new(Server), shared(t)), t.TempDir()
	client, said := startShowing(t, full, built(t, "client"), "-addr", server.addr, "-dir", download, "get", "hello.txt")
	assert.Error(t, client.Wait())
	assert.Equal(t, 1, client.ProcessState.ExitCode())
	assert.Equal(t, "client: cannot show what came: write /dev/stdout: no space left on device\n", said.String())
	assert.Empty(t, files(t, download))
}

// The terminal goes when half of the file is here.
func TestOutputThatEndsMidwayLeavesAPartAndNoHalfFileUnderTheName(t *testing.T) {
	gone := make(chan struct{})
	addr := asServer(t, func(conn *net.TCPConn) {
		heard(conn)
		writeHeader(conn, header{FileName: "hello.txt", MD5: helloMD5, FileSize: 32})
		await(t, gone)
		io.WriteString(conn, hello[:16])
		heard(conn) // nothing: waits until the client has left
	})
	person, terminal, err := pty.Open()
	require.NoError(t, err)
	download := t.TempDir()
	client, said := startShowing(t, terminal, built(t, "client"), "-addr", addr, "-dir", download, "get", "hello.txt")
	firstLine(t, person)
	require.NoError(t, person.Close())
	close(gone)
	assert.Error(t, client.Wait())
	assert.Equal(t, 1, client.ProcessState.ExitCode())
	assert.Equal(t, "client: cannot show what came: write /dev/stdout: input/output error\n", said.String())
	assert.Equal(t, map[string]string{partName("hello.txt", helloMD5): hello[:16]}, files(t, download))
}

func TestTheServerServesOnWhenNobodyReadsWhatItShows(t *testing.T) {
	for _, gone := range []bool{true, false} { // server | head -1, and a pipe that is open and full
		reader, writer, err := os.Pipe()
		require.NoError(t, err)
		server, _ := startShowing(t, writer, built(t, "server"), "-addr", "127.0.0.1:0", "-dir", shared(t))
		addr := strings.TrimPrefix(firstLine(t, reader), "listening on ")
		if gone {
			require.NoError(t, reader.Close())
		}
		conn := connect(t, addr)
		for range 100 { // 200 lines of 1000 bytes: a pipe holds 65536
			send(t, conn, "get "+strings.Repeat("x", 1000))
			answered(t, conn)
		}
		assert.Equal(t, hello, sayToGet(t, addr, "hello.txt"), "nobody has read: %v, nobody can: %v", !gone, gone)
		require.NoError(t, server.Process.Signal(syscall.SIGTERM))
		assert.NoError(t, server.Wait(), "it stops with status 0")
		reader.Close() // the second time is an error
	}
}

// startShowing starts a program that shows what it shows on out, which it then
// has for itself. said is what it says on standard error, once it has ended.
func startShowing(t *testing.T, out *os.File, name string, args ...string) (cmd *exec.Cmd, said *bytes.Buffer) {
	t.Helper()
	said = new(bytes.Buffer)
	cmd = exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = out, said
	require.NoError(t, cmd.Start())
	require.NoError(t, out.Close())
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() }) // errors say that it has ended
	return cmd, said
}

// firstLine reads a line and not a byte more.
func firstLine(t *testing.T, from io.Reader) (line string) {
	t.Helper()
	for char := make([]byte, 1); !strings.HasSuffix(line, "\n"); line += string(char) {
		_, err := from.Read(char)
		require.NoError(t, err)
	}
	return strings.TrimSuffix(line, "\n")
}

func TestWhatIsDrawnOnATerminalFitsItsWidth(t *testing.T) {
	dir, name := t.TempDir(), strings.Repeat("long", 20)
	write(t, dir, name, random(1_000_000))
	server := serve(t, new(Server), dir)
	for _, columns := range []uint16{40, 70, 80, 200} {
		cmd := exec.Command(built(t, "client"), "-addr", server.addr, "-dir", t.TempDir(), "get", name)
		terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: columns})
		require.NoError(t, err)
		shown, _ := io.ReadAll(terminal) // Linux says EIO at the end
		require.NoError(t, cmd.Wait())
		require.NoError(t, terminal.Close())
		if columns < 70 {
			assert.Contains(t, string(shown), "% of 1000000 bytes", "a line for each quarter")
			assert.NotContains(t, string(shown), " 100% ")
			continue
		}
		assert.Contains(t, string(shown), " 100% ")
		for drawn := range strings.SplitSeq(string(shown), "\r") {
			if strings.Contains(drawn, "% |") {
				assert.LessOrEqual(t, utf8.RuneCountInString(drawn), int(columns), drawn)
			}
		}
	}
	assert.Equal(t, `"a"`, fit(`"a"`, 3))
	assert.Equal(t, `"abc…`, fit(`"abcdef"`, 5))
	assert.Equal(t, `"套…`, fit(`"套接字"`, 5), "wide letters")
}

func TestThePersonAtATerminalSeesAPromptAndABar(t *testing.T) {
	server := serve(t, new(Server), shared(t))
	cmd := exec.Command(built(t, "client"), "-addr", server.addr, "-dir", t.TempDir())
	terminal, err := pty.Start(cmd)
	require.NoError(t, err)
	defer terminal.Close()
	_, err = io.WriteString(terminal, "get hello.txt\n\x04") // a line, and ^D
	require.NoError(t, err)
	shown, _ := io.ReadAll(terminal) // Linux says EIO at the end
	require.NoError(t, cmd.Wait())
	assert.Equal(t, 2, strings.Count(string(shown), ">>> "))
	assert.Regexp(t, `"hello.txt" 100% .*\n.*"hello.txt": 32 bytes, md5 is right`, string(shown))

	cmd = exec.Command(built(t, "client"), "-addr", server.addr, "-dir", t.TempDir())
	cmd.Stdin = strings.NewReader("get hello.txt")
	piped, err := cmd.CombinedOutput()
	require.NoError(t, err)
	assert.Equal(t, []string{`"hello.txt": 32 bytes, md5 is right`, ""}, strings.Split(string(piped), "\n")[1:], "neither")
}
