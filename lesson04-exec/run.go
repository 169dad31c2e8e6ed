package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"time"

	"example.com/gosockets/lesson04-exec/internal/guard"
)

var errTime = errors.New("out of time")

// run runs command and returns the answer to it: what it printed on standard
// output and standard error, in the order printed, and in parentheses what its
// client could not know otherwise. Before run returns, every process of the
// command's group has been killed. An error is a reason to drop the client.
func (s *Server) run(ctx context.Context, conn *guard.Conn, command string) ([]byte, error) {
	running, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	defer time.AfterFunc(s.timeout(), func() { stop(errTime) }).Stop()
	endWatch := watch(conn, s.parting(), stop)

	output := output{max: cmp.Or(s.MaxOutput, 1<<20)}
	state, err := s.execute(running, command, &output)
	if err := endWatch(); err != nil {
		return nil, err
	}
	switch cause := context.Cause(running); {
	case errors.Is(cause, errGone):
		return nil, cause // nobody is left to be told
	case errors.Is(cause, errTime):
		output.note("stopped after %v", s.timeout())
	case cause != nil:
		output.note("stopped: %v", guard.ErrStopping)
	case err != nil:
		output.note("cannot run this: %v", err)
	case output.total == 0:
		output.note("no output, %v", state)
	case !state.Success():
		output.note("%v", state)
	}
	return output.answer(), nil
}

func (s *Server) timeout() time.Duration { return cmp.Or(s.Timeout, 10*time.Second) }

// parting is how much longer a command may run once its client has sent EOF: the
// client may have closed only its own half, and still be reading.
func (s *Server) parting() time.Duration { return cmp.Or(s.farewell, time.Second) }

// execute hands command to the shell and waits for its end, or kills it at the
// end of ctx.
func (s *Server) execute(ctx context.Context, command string, output io.Writer) (*os.ProcessState, error) {
	cmd := exec.Command("sh", "-c", command)
	if runtime.GOOS == "windows" {
		cmd = exec.Command("cmd", "/C", command)
	}
	cmd.SysProcAttr = ownSession(command)
	cmd.Dir, cmd.Env = s.Dir, environment()
	keeper, err := startKeeper()
	if err != nil {
		return nil, err
	}
	defer keeper.end()
	r, w, err := os.Pipe() // one pipe for both outputs keeps their order
	if err != nil {
		return nil, err
	}
	defer r.Close()
	cmd.Stdout, cmd.Stderr = w, w
	err = keeper.start(cmd)
	w.Close() // the command has its own now: when that is closed too, r is at its end
	if err != nil {
		return nil, err
	}
	defer context.AfterFunc(ctx, func() { kill(cmd.Process) })()

	read := make(chan struct{})
	go func() { // beside the wait: a command waits itself when the pipe is full
		defer close(read)
		io.Copy(output, r)
	}()
	cmd.Wait()        // its error is in the state
	kill(cmd.Process) // what the command left in the background
	// A process that has left the group may hold the pipe for ever: parting is enough.
	defer time.AfterFunc(s.parting(), func() { r.Close() }).Stop()
	<-read
	return cmd.ProcessState, nil
}

// environment is all that a command sees of the server's environment.
func environment() []string {
	env := []string{} // not nil, which would stand for all of it
	for _, name := range []string{"PATH", "HOME", "LANG", "LC_ALL", "TZ", "SystemRoot", "ComSpec", "PATHEXT", "TEMP"} {
		if value, found := os.LookupEnv(name); found {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// output keeps the first max bytes of what a command prints and counts the rest,
// so that a command is never held up by printing more.
type output struct {
	max   int
	total int
	kept  []byte
	notes []byte
}

func (o *output) Write(p []byte) (int, error) {
	o.total += len(p)
	room := o.max - len(o.kept)
	o.kept = append(o.kept, p[:min(len(p), room)]...)
	return len(p), nil
}

func (o *output) note(format string, args ...any) {
	o.notes = fmt.Appendf(o.notes, "("+format+")\n", args...)
}

// answer returns what was kept, with the notes on lines of their own.
func (o *output) answer() []byte {
	if o.total > o.max {
		o.note("cut: the first %d of %d bytes", o.max, o.total)
	}
	if n := len(o.kept); n > 0 && len(o.notes) > 0 && o.kept[n-1] != '\n' {
		o.kept = append(o.kept, '\n')
	}
	return append(o.kept, o.notes...)
}
