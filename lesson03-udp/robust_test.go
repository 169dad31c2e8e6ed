package udp

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// serveShowing runs a Server on conn and returns the lines it shows.
func serveShowing(t testing.TB, conn *net.UDPConn) <-chan string {
	t.Helper()
	lines := make(chan string, 100)
	serveOn(t, conn, writerFunc(func(line string) { lines <- strings.TrimSuffix(line, "\n") }))
	return lines
}

func TestAClientThatDiesAtAnyPointLeavesTheServerServing(t *testing.T) {
	for _, language := range []string{"Go", "Python"} {
		t.Run(language+" server", func(t *testing.T) {
			addr := startSide(t, language, "server", "127.0.0.1:0").listening(t)
			deaths := []func(conn *net.UDPConn){
				func(*net.UDPConn) {}, // before it has sent anything
				func(conn *net.UDPConn) { say(t, conn, "dying", resolve(t, addr)) }, // before its answer
				func(conn *net.UDPConn) { // with a second answer under way
					say(t, conn, "one", resolve(t, addr))
					say(t, conn, "two", resolve(t, addr))
					require.Equal(t, "ONE", heard(t, conn))
				},
				func(conn *net.UDPConn) { // after its answer
					say(t, conn, "last words", resolve(t, addr))
					require.Equal(t, "LAST WORDS", heard(t, conn))
				},
			}
			for range 20 {
				for _, die := range deaths {
					conn, _ := bind(t)
					die(conn)
					require.NoError(t, conn.Close())
				}
			}
			client := startClient(t, addr)
			client.typeLine(t, "killed later")
			assert.Contains(t, client.line(t), "KILLED LATER")
			require.NoError(t, client.cmd.Process.Kill())
			client.exit(t)

			survivor, _ := bind(t)
			say(t, survivor, "hello", resolve(t, addr))
			assert.Equal(t, "HELLO", heard(t, survivor))
		})
	}
}

func TestADeadlineThatOthersSetDoesNotEndTheServer(t *testing.T) {
	conn, addr := bind(t)
	lines := serveShowing(t, conn)
	require.NoError(t, conn.SetReadDeadline(time.Now()))
	assert.Contains(t, await(t, lines), "i/o timeout", "an error like any other: the context has not ended")
	require.NoError(t, conn.SetReadDeadline(time.Time{}))
	client, _ := bind(t)
	say(t, client, "hello", addr)
	assert.Equal(t, "HELLO", heard(t, client))
}
