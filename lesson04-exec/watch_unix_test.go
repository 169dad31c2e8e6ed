//go:build unix

package remote

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/lesson04-exec/internal/guard"
)

func TestAClientThatIsGoneLooksForASecondLikeOneThatHasOnlyFinishedSending(t *testing.T) {
	t.Parallel()
	line := newLifeline(t)
	server := serve(t, Server{})
	conn := connect(t, server.addr)
	send(t, conn, line.holding("sleep 1000 & sleep 1000"))
	line.started(t)
	closed := time.Now()
	require.NoError(t, conn.Close())
	line.ended(t)
	assert.GreaterOrEqual(t, time.Since(closed), new(Server).parting())
}

// The deadline of an idle client must not end the watch.
func TestALongCommandEndsWithItsClientToo(t *testing.T) {
	t.Parallel()
	line := newLifeline(t)
	server := serve(t, Server{IdleTimeout: soon, Timeout: time.Hour})
	conn := connect(t, server.addr)
	send(t, conn, "sleep 0.8; "+line.holding("sleep 1000"))
	line.started(t)
	reset(t, conn)
	line.ended(t)
	server.shown.until(t, here(conn)+" dropped: gone while its command ran")
}

func TestACommandEndsAtOnceWhenItsClientBreaksTheConnectionOff(t *testing.T) {
	line := newLifeline(t)
	server := serve(t, Server{farewell: time.Hour}) // for those who may still be reading: not for this one
	conn := connect(t, server.addr)
	send(t, conn, line.holding("sleep 1000"))
	line.started(t)
	reset(t, conn)
	line.ended(t)
	server.shown.until(t, here(conn)+" dropped: gone while its command ran")
}

func TestAClientThatHasFinishedSendingStillGetsItsAnswer(t *testing.T) {
	server := serve(t, Server{})
	conn := connect(t, server.addr)
	send(t, conn, "sleep 0.2; echo hi")
	require.NoError(t, conn.CloseWrite())
	all, err := io.ReadAll(conn)
	require.NoError(t, err)
	assert.Equal(t, "hi\n", string(all))
	server.shown.until(t, here(conn)+" closed its side: EOF")
}

func TestAClientThatSendsMoreWhileItsCommandRunsIsDropped(t *testing.T) {
	line := newLifeline(t)
	server := serve(t, Server{})
	conn := connect(t, server.addr)
	send(t, conn, line.holding("sleep 1000"))
	line.started(t)
	send(t, conn, "echo more")
	line.ended(t)
	receiveEnd(t, conn)
	server.shown.until(t, here(conn)+" dropped: a client sends one command, and waits for its answer")
	require.NoError(t, server.stop())
	assert.Empty(t, server.shown, "the second command has not run")
}

func TestWhatTheWatchHasReadIsNotMissingFromTheNextCommand(t *testing.T) {
	client, conn := net.Pipe()
	defer client.Close()
	limited := guard.Limit(t.Context(), conn, patience)
	defer limited.Close()
	var causes []error
	stop := func(cause error) { causes = append(causes, cause) }

	require.NoError(t, watch(limited, time.Second, stop)())
	assert.Empty(t, causes, "a client that waits is not stopped")
	go client.Write([]byte("whole"))
	buf := make([]byte, 1024)
	n, err := limited.Read(buf)
	require.NoError(t, err)
	assert.Equal(t, "whole", string(buf[:n]))

	end := watch(limited, time.Second, stop)
	_, err = client.Write([]byte("x")) // returns once the watch has read it
	require.NoError(t, err)
	assert.Equal(t, errMore, end(), "whatever else has ended the command: the rest is not a command")
	assert.Equal(t, []error{errMore}, causes)
}
