//go:build unix

package remote

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A lifeline is a FIFO that the processes of a command hold open for as long as
// they live: its reader sees their beginning and their end as events.
type lifeline struct {
	path string
	pid  chan int      // the shell's, once the command runs
	gone chan struct{} // closed when the last of them has ended
}

// newLifeline returns a lifeline whose command has to be gone by the end of the
// test: whatever else is to end the command is started after it.
func newLifeline(t testing.TB) *lifeline {
	t.Helper()
	l := &lifeline{path: filepath.Join(t.TempDir(), "fifo"), pid: make(chan int, 1), gone: make(chan struct{})}
	require.NoError(t, syscall.Mkfifo(l.path, 0o600))
	go func() {
		defer close(l.gone)
		fifo, err := os.Open(l.path) // waits for a writer
		if err != nil {
			return // pid stays empty, which a test notices
		}
		defer fifo.Close()
		lines := bufio.NewReader(fifo)
		line, _ := lines.ReadString('\n')
		if pid, err := strconv.Atoi(strings.TrimSpace(line)); err == nil {
			l.pid <- pid
		}
		io.Copy(io.Discard, lines) // until every writer has gone
	}()
	t.Cleanup(func() {
		if writer, err := os.OpenFile(l.path, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
			writer.Close() // lets a reader go that no writer came for
		}
		l.ended(t)
	})
	return l
}

// holding returns command with the lifeline in its hand, and its children's.
func (l *lifeline) holding(command string) string {
	return "exec 9>" + l.path + "; echo $$ >&9; " + command
}

// started waits until the command runs, and returns the id of its shell, which
// is that of its group too. Whatever becomes of it, it is gone after the test.
func (l *lifeline) started(t testing.TB) int {
	t.Helper()
	select {
	case pid := <-l.pid:
		t.Cleanup(func() {
			syscall.Kill(-pid, syscall.SIGKILL) // an error says that it is gone, or was
			syscall.Kill(pid, syscall.SIGKILL)  // started by Python, in a group that is not its own
		})
		return pid
	case <-time.After(patience):
		require.Fail(t, "the command did not start")
		return 0
	}
}

// ended waits until every process of the command is gone.
func (l *lifeline) ended(t testing.TB) {
	t.Helper()
	select {
	case <-l.gone:
	case <-time.After(patience):
		require.Fail(t, "processes are left")
	}
}

// alive claims that the command has a process still.
func (l *lifeline) alive(t testing.TB) {
	t.Helper()
	select {
	case <-l.gone:
		assert.Fail(t, "the command has ended")
	default:
	}
}
