package loops

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// D2. The test is the server. That a client waits in recv is to be seen: what is
// pushed to it unasked, it shows as an answer.
func TestAnEmptyLineLeavesTheOriginalsWaitingAndNoOtherClient(t *testing.T) {
	for name, nothing := range map[string]string{"naive_client.py": "", "echo_client.py": " \t "} {
		t.Run(name, func(t *testing.T) {
			ln := listen(t)
			client := startAt(t, name, ln.Addr().String())
			conn := asServer(t, ln)
			client.typeLine(t, nothing)
			client.typeLine(t, "next") // read only once the wait is over
			send(t, conn, "unasked")
			assert.Contains(t, client.line(t), "unasked", "shown as the answer to nothing")
			receive(t, conn, "next") // the first bytes that ever arrive
		})
	}
	for _, name := range []string{"upper_client.py", "upper_client", "client"} {
		t.Run(name, func(t *testing.T) {
			ln := listen(t)
			client := startAt(t, name, ln.Addr().String())
			conn := asServer(t, ln)
			for _, line := range []string{"", "", "next", ""} {
				client.typeLine(t, line)
			}
			receive(t, conn, "next") // and nobody has pushed anything
			send(t, conn, "NEXT")
			require.NoError(t, client.stdin.Close())
			_, lines := client.exit(t)
			assert.Contains(t, strings.Join(lines, "\n"), "NEXT")
			receiveEOF(t, conn)
		})
	}
}

func TestSendEmptySaysWhyNothingComesAndGoesOn(t *testing.T) {
	client, conn := pair(t)
	empty := Client{SendEmpty: true, Timeout: 20 * time.Millisecond}
	var out bytes.Buffer
	require.NoError(t, empty.Talk(client, strings.NewReader("\n\n"), &out))
	nothing := "no answer: an empty message puts nothing on the wire, so nothing has arrived to be answered (" +
		here(conn) + " was silent for 20ms: i/o timeout)\n"
	assert.Equal(t, "connected: local "+here(client)+", remote "+here(conn)+"\n"+nothing+nothing, out.String())
	receiveEOF(t, conn) // Talk has closed its end, and nothing has come
}
