//go:build unix

package runner

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The program is deaf to the first Ctrl-C, as Python is to one that comes at a
// bad moment.
func TestCtrlCIsPressedAgainWhenAProgramHasMissedIt(t *testing.T) {
	changed := make(chan struct{}, 1)
	p, err := start(t.TempDir(), []string{"sh", "-c",
		`trap 'trap - INT' INT; echo ready; while :; do sleep 0.1 & wait $!; done`}, changed, "one", View{})
	require.NoError(t, err)
	defer func() { p.kill(); <-p.ended }()
	deadline := time.After(time.Minute)
	for ready := false; !ready; {
		select {
		case <-changed:
			p.output.next(func(line string, _ bool) bool { ready = line == "ready"; return ready })
		case <-deadline:
			require.Fail(t, "it did not start")
		}
	}
	p.interrupt(50 * time.Millisecond)
	select {
	case <-p.ended:
		assert.Equal(t, 130, p.status)
	case <-deadline:
		assert.Fail(t, "Ctrl-C was not pressed again")
	}
}
