package remote

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// patience is a safety net for what should happen at once.
const patience = time.Minute

// lifetime ends a program that goes on for ever, and keeps a test busy with it.
const lifetime = 2 * patience

// A program is one of the lesson's programs, running as its own process.
type program struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines chan string // standard output and standard error, line by line; closed at the end
}

// everybody is who has a server and a client: the original, its plain twin, and
// the lesson's own.
var everybody = []string{"Python", "plain", "own"}

// startSide starts who's server or client.
func startSide(t testing.TB, who, side, addr string) *program {
	t.Helper()
	switch who {
	case "Python":
		return startPython(t, "command_"+side+".py", addr)
	case "plain":
		return start(t, built(t, "command_"+side, addr))
	}
	return startGo(t, side, "-addr", addr)
}

// startGo runs the lesson's own server or client.
func startGo(t testing.TB, name string, args ...string) *program {
	t.Helper()
	return start(t, built(t, name, args...))
}

// built returns a Go program of the lesson, ready to run.
func built(t testing.TB, name string, args ...string) *exec.Cmd {
	t.Helper()
	dir, err := buildPrograms()
	require.NoError(t, err)
	return exec.Command(filepath.Join(dir, name), args...)
}

// startPython runs python/name. Without python3 it skips the test, except in
// CI, where python3 has to be there.
func startPython(t testing.TB, name string, args ...string) *program {
	t.Helper()
	noticeSources()
	python, err := findPython()
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("needs python3, which is not here")
	}
	require.NoError(t, err)
	return start(t, exec.Command(python, append([]string{"-u", filepath.Join("python", name)}, args...)...))
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
		lines.Buffer(nil, 4<<20)
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

// nextLines returns the next count lines.
func (p *program) nextLines(t testing.TB, count int) (lines []string) {
	t.Helper()
	for range count {
		lines = append(lines, p.line(t))
	}
	return lines
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

// interrupt does what Ctrl-C does.
func (p *program) interrupt(t testing.TB) {
	t.Helper()
	needsUnix(t)
	require.NoError(t, p.cmd.Process.Signal(os.Interrupt))
}

// buildPrograms builds the lesson's Go programs once for all tests.
var buildPrograms = sync.OnceValues(func() (string, error) {
	noticeSources()
	output, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", programDir+string(filepath.Separator), "./...").CombinedOutput()
	if err != nil {
		err = errors.New(string(output))
	}
	return programDir, err
})

// noticeSources has go test notice when a program has changed: it repeats an
// old result unless a file changed that the tests themselves have looked at.
var noticeSources = sync.OnceFunc(func() {
	for _, pattern := range []string{"*/*.go", "internal/*/*.go", "plain/*/*.go", "python/*.py"} {
		files, _ := filepath.Glob(pattern) // fails for a bad pattern only
		for _, file := range files {
			os.Stat(file) // looking is all
		}
	}
})

var programDir string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if programDir, err = os.MkdirTemp("", "lesson"); err != nil {
			panic(err)
		}
		defer os.RemoveAll(programDir)
		os.Setenv("TMPDIR", programDir) // so that it holds all that the tests make
		interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		forget := context.AfterFunc(interrupted, func() {
			for range 10 { // tests may be at work in it
				os.RemoveAll(programDir)
			}
			os.Exit(1)
		})
		status := m.Run()
		forget()
		stop()
		if err := goleak.Find(); err != nil && status == 0 {
			fmt.Fprintln(os.Stderr, "after the tests:", err)
			return 1
		}
		return status
	}())
}

// needsUnix skips a test of what Windows does otherwise.
func needsUnix(t testing.TB) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows does this otherwise")
	}
}
