package bench

import (
	"bytes"
	"context"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// answering returns the address of a server that answers with what change makes
// of a message, to one client after another, until the test ends.
func answering(t *testing.T, change func([]byte) []byte) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	served := make(chan struct{})
	t.Cleanup(func() { ln.Close(); <-served })
	go func() {
		defer close(served)
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			msg := make([]byte, 8)
			for _, err = io.ReadFull(conn, msg); err == nil; _, err = io.ReadFull(conn, msg) {
				conn.Write(change(msg)) // an error shows at the other end
			}
			conn.Close()
		}
	}()
	return ln.Addr().String()
}

func TestALoadCountsAnswers(t *testing.T) {
	answers := 0
	addr := answering(t, func(msg []byte) []byte { answers++; return bytes.ToUpper(msg) })
	start := time.Now()
	rate, err := upper("tcp", addr, 8).rate(t.Context(), 1, 20*time.Millisecond)
	elapsed := time.Since(start)
	require.NoError(t, err)
	assert.Positive(t, rate)
	assert.LessOrEqual(t, rate, float64(answers)/0.02)
	assert.GreaterOrEqual(t, rate, float64(answers-1)/elapsed.Seconds(), "all but the first, which was the greeting")
}

func TestAWrongAnswerIsAnError(t *testing.T) {
	addr := answering(t, func(msg []byte) []byte { return msg })
	_, err := upper("tcp", addr, 8).rate(t.Context(), 1, time.Minute)
	assert.EqualError(t, err, `asked "hello, h", got "hello, h"`)
}

func TestALoadEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	answers := 0
	addr := answering(t, func(msg []byte) []byte {
		if answers++; answers == 3 {
			cancel()
		}
		return bytes.ToUpper(msg)
	})
	_, err := upper("tcp", addr, 8).rate(ctx, 1, time.Hour)
	assert.ErrorIs(t, err, net.ErrClosed)
}
