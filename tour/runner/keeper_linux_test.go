package runner

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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
			var conn net.Conn
			select {
			case conn = <-child:
			case <-time.After(time.Minute):
				require.Fail(t, "it did not start")
			}
			end(p)
			assertBroken(t, conn)
			<-p.ended
			assert.Equal(t, 137, p.status)
		})
	}
}
