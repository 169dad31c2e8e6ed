package udp

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// patience is a safety net for what should happen at once.
const patience = time.Minute

// lifetime ends a program that goes on for ever, and keeps a test busy with it.
const lifetime = 2 * patience

// kinds are the programs there are of each side: the original in Python, its
// twin in plain Go, and the lesson's own.
var kinds = []string{"Python", "plain", "own"}

// startSide starts the server or the client of a kind.
func startSide(t testing.TB, kind, side, addr string) *program {
	t.Helper()
	switch {
	case kind == "Python":
		return startPython(t, "upper_"+side+".py", addr)
	case kind == "plain":
		return startGo(t, "upper_"+side, addr)
	case side == "client":
		return startClient(t, addr)
	}
	return startGo(t, "server", "-addr", addr)
}

// startClient starts the lesson's own client for a test in which no answer is late.
func startClient(t testing.TB, addr string, args ...string) *program {
	t.Helper()
	return startGo(t, "client", append([]string{"-addr", addr, "-timeout", patience.String()}, args...)...)
}

// A program is one of the lesson's programs, running as its own process.
type program struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines chan string // standard output and standard error, line by line; closed at the end
}

// startGo runs a Go program of the lesson: server, client, or one of plain/.
func startGo(t testing.TB, name string, args ...string) *program {
	t.Helper()
	return start(t, goProgram(t, name, args...))
}

func goProgram(t testing.TB, name string, args ...string) *exec.Cmd {
	t.Helper()
	dir, err := buildPrograms()
	require.NoError(t, err)
	for _, dir := range []string{"server", "client", "plain/upper_server", "plain/upper_client", "internal/command"} {
		_, err := os.ReadDir(dir) // tells go test what its results depend on, or it would show old ones
		require.NoError(t, err)
	}
	return exec.Command(filepath.Join(dir, name), args...)
}

// startPython runs python/name. Without python3 it skips the test, except in
// CI, where python3 has to be there.
func startPython(t testing.TB, name string, args ...string) *program {
	t.Helper()
	python, err := findPython()
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("needs python3, which is not here")
	}
	require.NoError(t, err)
	script := filepath.Join("python", name)
	_, err = os.ReadFile(script) // as in goProgram
	require.NoError(t, err)
	return start(t, exec.Command(python, append([]string{"-u", script}, args...)...))
}

// findPython asks Python where it is: what stands in the PATH may be a slow script
// that looks for it each time.
var findPython = sync.OnceValues(func() (string, error) {
	name := "python3"
	if runtime.GOOS == "windows" {
		name = "python"
	}
	path, err := exec.Command(name, "-c", "import sys; print(sys.executable)").Output()
	return strings.TrimSpace(string(path)), err
})

// start starts cmd and sees to it that it is gone when the test ends.
func start(t testing.TB, cmd *exec.Cmd) *program {
	t.Helper()
	p := &program{cmd: cmd, lines: make(chan string, 1000)}
	var err error
	p.stdin, err = cmd.StdinPipe()
	require.NoError(t, err)
	output, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = cmd.Stdout // one pipe for both keeps their order
	require.NoError(t, cmd.Start())
	overdue := time.AfterFunc(lifetime, func() { cmd.Process.Kill() })
	var reader sync.WaitGroup
	reader.Go(func() {
		defer close(p.lines)
		lines := bufio.NewScanner(output)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			select {
			case p.lines <- strings.TrimLeft(lines.Text(), "> "): // without prompts
			case <-t.Context().Done(): // the test is over: nobody reads
			}
		}
	})
	t.Cleanup(func() {
		overdue.Stop()
		cmd.Process.Kill() // an error says that it has ended already
		p.stdin.Close()
		reader.Wait()
		cmd.Wait() // for the status of exit, or of the kill
	})
	return p
}

// line returns the next line the program prints.
func (p *program) line(t testing.TB) string {
	t.Helper()
	select {
	case line, ok := <-p.lines:
		require.True(t, ok, "%v ended without another line", p.cmd)
		return line
	case <-time.After(patience):
		require.Fail(t, "no line came", "from %v", p.cmd)
		return ""
	}
}

// listening returns the address in a server's first line.
func (p *program) listening(t testing.TB) string {
	t.Helper()
	addr, found := strings.CutPrefix(p.line(t), "listening on ")
	require.True(t, found, "the first line of %v is not its address", p.cmd)
	return addr
}

// typeLine types line and Enter.
func (p *program) typeLine(t testing.TB, line string) {
	t.Helper()
	io.WriteString(p.stdin, line+"\n") // fails when the program has ended, which exit tells better
}

// exit waits for the program's end and returns its status and the lines that
// were left.
func (p *program) exit(t testing.TB) (status int, rest []string) {
	t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case line, ok := <-p.lines:
			if ok {
				rest = append(rest, line)
				continue
			}
			return exitStatus(t, p.cmd), rest
		case <-deadline:
			require.Fail(t, "it did not end", "%v", p.cmd)
		}
	}
}

// exitStatus waits for cmd and returns its status.
func exitStatus(t testing.TB, cmd *exec.Cmd) int {
	t.Helper()
	var failed *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &failed) {
		require.NoError(t, err)
	}
	return cmd.ProcessState.ExitCode()
}

// buildPrograms builds the lesson's Go programs once for all tests.
var buildPrograms = sync.OnceValues(func() (string, error) {
	output, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", programDir+string(filepath.Separator), "./...").CombinedOutput()
	if err != nil {
		err = errors.New(string(output))
	}
	return programDir, err
})

var programDir string

// TestMain also sees to it that no test leaves a goroutine behind.
func TestMain(m *testing.M) {
	var err error
	if programDir, err = os.MkdirTemp("", "lesson"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(status int) {
		os.RemoveAll(programDir)
		os.Exit(status)
	}))
}
