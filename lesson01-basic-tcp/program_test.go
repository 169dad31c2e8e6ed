package basictcp

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
)

// lifetime ends a program that goes on for ever, and keeps a test busy with it.
const lifetime = 2 * patience

// A program is one of the lesson's programs, running as its own process.
type program struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines chan string // standard output and standard error, line by line
}

// kinds are the three programs for one thing. Only upper has all of them.
var kinds = []string{"Python", "plain", "own"}

// startSide starts the program of that kind which stands for python/NAME.py.
func startSide(t testing.TB, kind, name, addr string) *program {
	t.Helper()
	switch kind {
	case "Python":
		return startPython(t, name+".py", addr)
	case "plain":
		return startGo(t, name, addr)
	default:
		return startGo(t, strings.TrimPrefix(name, "upper_"), "-addr", addr)
	}
}

// startGo runs a Go program of the lesson: server, client, or one in plain/.
func startGo(t testing.TB, name string, args ...string) *program {
	t.Helper()
	return start(t, goCommand(t, name, args...))
}

func goCommand(t testing.TB, name string, args ...string) *exec.Cmd {
	t.Helper()
	dir, err := buildPrograms()
	require.NoError(t, err)
	return exec.Command(filepath.Join(dir, name), args...)
}

// startPython runs python/name.
func startPython(t testing.TB, name string, args ...string) *program {
	t.Helper()
	return start(t, exec.Command(python3(t), append([]string{"-u", filepath.Join("python", name)}, args...)...))
}

// askPython returns what code prints, whatever Python thinks of it.
func askPython(t testing.TB, code string, args ...string) string {
	t.Helper()
	output, err := exec.Command(python3(t), append([]string{"-c", code}, args...)...).CombinedOutput()
	if failed := new(exec.ExitError); !errors.As(err, &failed) {
		require.NoError(t, err)
	}
	return strings.TrimSpace(string(output))
}

// python3 finds Python. Without it the test skips, except in CI, where it has
// to be there.
func python3(t testing.TB) string {
	t.Helper()
	noticeSources()
	path, err := findPython()
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("needs python3, which is not here")
	}
	require.NoError(t, err)
	return path
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
		for lines := bufio.NewScanner(output); lines.Scan(); {
			select {
			case p.lines <- lines.Text():
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

// types types text.
func (p *program) types(t testing.TB, text string) {
	t.Helper()
	io.WriteString(p.stdin, text) // fails when the program has ended, which exit tells better
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
			var failed *exec.ExitError
			if err := p.cmd.Wait(); err != nil && !errors.As(err, &failed) {
				require.NoError(t, err)
			}
			return p.cmd.ProcessState.ExitCode(), rest
		case <-deadline:
			require.Fail(t, "it did not end", "%v", p.cmd)
		}
	}
}

// buildPrograms builds the lesson's Go programs once for all tests.
var buildPrograms = sync.OnceValues(func() (string, error) {
	noticeSources()
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", programDir+string(filepath.Separator), "./...") // debug tables take time
	output, err := build.CombinedOutput()
	if err != nil {
		err = errors.New(string(output))
	}
	return programDir, err
})

// noticeSources has go test notice when a program has changed: it repeats an
// old result unless a file changed that the tests themselves have looked at.
var noticeSources = sync.OnceFunc(func() {
	for _, pattern := range []string{"*/*.go", "*/*/*.go", "python/*.py"} {
		files, _ := filepath.Glob(pattern) // fails for a bad pattern only
		for _, file := range files {
			os.Stat(file) // looking is all
		}
	}
})

var programDir string

func TestMain(m *testing.M) {
	if act := acts[os.Getenv("ACT")]; act != nil {
		act()
		return
	}
	os.Exit(func() int {
		var err error
		if programDir, err = os.MkdirTemp("", "lesson"); err != nil {
			panic(err)
		}
		defer os.RemoveAll(programDir)
		return m.Run()
	}())
}
