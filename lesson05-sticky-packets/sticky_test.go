package sticky

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// The datagrams say when all of the stream has arrived, so that how it is torn
// is no matter of luck. (Without them it would be.)
func TestTheDemonstrationIsTheSameEveryTimeItIsRun(t *testing.T) {
	for range 10 {
		server, addr := startServer(t, inPlainGo("sticky"))
		status, sent := startGo(t, "sticky_client", addr).exit(t)
		assert.Zero(t, status)
		assert.Equal(t, fourMessages, shownOf(sent))
		assert.Equal(t, stuckAndTorn, shownOf(served(t, server)))
	}
}
