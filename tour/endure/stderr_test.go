package endure

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const oneTrace = `SCHED 506ms: gomaxprocs=2 idleprocs=2 threads=8
  P0: status=0 schedtick=4 syscalltick=1 m=nil runqsize=0
  M7: p=nil curg=nil mallocing=0 throwing=0
  G1: status=4(IO wait) m=nil lockedm=nil
  G17: status=11() m=1 lockedm=1
  G2: status=4(GC worker (idle)) m=nil lockedm=nil
  G18: status=4(GOMAXPROCS updater (idle)) m=nil lockedm=nil
  G30: status=6() m=nil lockedm=nil
`

func TestGoroutinesAreCountedInTheRuntimesTrace(t *testing.T) {
	var e stderr
	for _, b := range []byte("the reason\n" + oneTrace + "more\n" + oneTrace + "unfinished") {
		n, err := e.Write([]byte{b})
		require.NoError(t, err)
		require.Equal(t, 1, n)
	}
	assert.Equal(t, 2, e.traces)
	assert.Equal(t, 3, e.counted, "of the first")
	assert.Equal(t, `"the reason\nmore\nunfinished"`, e.String())
	_, err := e.Write([]byte(strings.Repeat("x", 1<<20) + "\n" + strings.Repeat("y", 1<<20)))
	require.NoError(t, err)
	assert.Len(t, e.line, maxLine)
	assert.Len(t, e.kept, maxKept)
}

func TestGoroutinesThatCannotBeSeenAreNone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.Zero(t, new(stderr).goroutines(ctx, nil))
	ended := make(chan struct{})
	close(ended)
	assert.Zero(t, new(stderr).goroutines(t.Context(), ended))
}
