package udp

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// contextEnded returns a context that has ended.
func contextEnded(t testing.TB) context.Context {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	stop()
	return ctx
}

// A writerFunc is a function that is called with each line that is shown.
type writerFunc func(line string)

func (f writerFunc) Write(p []byte) (int, error) {
	f(string(p))
	return len(p), nil
}

func TestAStoppedServerAnswersTheDatagramInHand(t *testing.T) {
	conn, addr := bind(t)
	require.NoError(t, conn.SetDeadline(time.Time{}))
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	shown := 0
	log := writerFunc(func(string) { shown++; stop() }) // Ctrl-C between receiving and answering
	ended := make(chan error, 1)
	client, _ := bind(t)
	say(t, client, "in hand", addr)
	say(t, client, "too late", addr)
	go func() { ended <- (&Server{Log: log}).Serve(ctx, conn) }()
	assert.Equal(t, "IN HAND", heard(t, client))
	assert.NoError(t, await(t, ended))
	assert.LessOrEqual(t, shown, 2, "what the kernel still holds can be left unanswered: no datagram has a promise")
}

func TestAWaitingServerIsStopped(t *testing.T) {
	conn, addr := bind(t)
	require.NoError(t, conn.SetDeadline(time.Time{}))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	var log lockedBuffer
	go func() { ended <- (&Server{Log: &log}).Serve(ctx, conn) }()
	client, _ := bind(t)
	say(t, client, "hello", addr)
	require.Equal(t, "HELLO", heard(t, client))
	stop()
	assert.NoError(t, await(t, ended))
	assert.NotContains(t, log.String(), "trying again", "stopping is not a failure")
	again, err := Listen(addr)
	require.NoError(t, err, "the port is free again")
	assert.NoError(t, again.Close())
}
