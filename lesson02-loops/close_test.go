package loops

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// D1. Two of the originals print an empty message for each turn of a loop that
// does not end, and no second client is served meanwhile or ever.
func TestAClientThatLeavesMakesTheOriginalsSpinAndNoOtherServer(t *testing.T) {
	for _, name := range []string{"naive_server.py", "echo_server.py"} {
		t.Run(name, func(t *testing.T) {
			server := startAt(t, name, "127.0.0.1:0")
			addr := server.listening(t)
			first := connect(t, addr)
			roundTrip(t, first)
			require.NoError(t, first.Close())
			send(t, connect(t, addr), "anybody there?")
			for empty := 0; empty < 5000; {
				line := server.line(t)
				require.NotContains(t, line, "anybody there?")
				if strings.HasSuffix(line, ": b''") {
					empty++
				}
			}
		})
	}
	for _, name := range []string{"upper_server.py", "upper_server", "concurrent_server", "server"} {
		t.Run(name, func(t *testing.T) {
			server := startAt(t, name, "127.0.0.1:0")
			addr := server.listening(t)
			for range 2 {
				client := connect(t, addr)
				roundTrip(t, client)
				require.NoError(t, client.Close())
				require.Regexp(t, "^client: |^client address: | connected$", server.line(t))
				require.Regexp(t, "^message from the client: b?['\"]hello['\"]$| received \"hello\"$", server.line(t))
				if name == "server" {
					require.Equal(t, here(client)+" closed its side: EOF", server.line(t))
				}
			}
		})
	}
}
