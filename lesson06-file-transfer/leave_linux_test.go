package transfer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// D11, once more. Who sends to a client that has left gets EPIPE on Linux, which
// Python knows by another name than ConnectionResetError. The first client holds
// the servers up until the second has asked and left.
func TestAClientThatLeavesMidFileEndsOnlyThePythonServer(t *testing.T) {
	for _, kind := range kinds {
		place := newPlace(t)
		write(t, place.share, "hello.txt", hello)
		write(t, place.share, "big", random(100_000)) // in many sends
		server, addr := place.startServer(t, kind)
		first, leaving := connect(t, addr), connect(t, addr)
		send(t, leaving, "get big")
		require.NoError(t, leaving.Close())
		require.NoError(t, first.Close())
		if kind == "Python" {
			_, lines := server.exit(t)
			assert.Equal(t, "BrokenPipeError: [Errno 32] Broken pipe", lines[len(lines)-1])
			continue
		}
		assert.Equal(t, hello, sayToGet(t, addr, "hello.txt"), "%s serves the next", kind)
	}
}
