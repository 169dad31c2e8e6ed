package runner

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// within is what comes, if it does within a minute.
func within[T any](t *testing.T, comes <-chan T) T {
	t.Helper()
	select {
	case it := <-comes:
		return it
	case <-time.After(time.Minute):
		require.Fail(t, "nothing came")
		panic("not reached")
	}
}

func TestAKeeperThatIsStoppedHoldsNobodyUp(t *testing.T) {
	child := held(t)
	r := fakeRunner(t)
	programs, err := r.Build(t.Context(), r.course.Lessons[0])
	require.NoError(t, err)
	p, err := start(t.TempDir(), []string{programs + "/actor", "hold", "hang"}, make(chan struct{}, 1), "one", View{})
	require.NoError(t, err)
	conn := within(t, child)
	p.signal(func(keeper int) { require.NoError(t, syscall.Kill(keeper, syscall.SIGSTOP)) })
	stopped := make(chan struct{})
	go func() {
		p.stop(50 * time.Millisecond)
		close(stopped)
	}()
	within(t, stopped)
	assertBroken(t, conn)
}

func TestWhatLeftTheGroupDoesNotOutliveItsProgram(t *testing.T) {
	r := fakeRunner(t)
	programs, err := r.Build(t.Context(), r.course.Lessons[0])
	require.NoError(t, err)
	for name, end := range map[string]func(*program){
		"killed by the tour": func(p *program) { p.signal(killKept) },
		"killed by others":   func(p *program) { p.stdin.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			child := held(t)
			p, err := start(t.TempDir(), []string{"sh", "-c", "setsid " + programs + "/actor ignore hold hang & read line; kill -9 $$"},
				make(chan struct{}, 1), "one", View{})
			require.NoError(t, err)
			conn := within(t, child)
			end(p)
			assertBroken(t, conn)
			<-p.ended
			assert.Equal(t, 137, p.status)
		})
	}
}
