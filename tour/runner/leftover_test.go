package runner

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/tour/course"
)

// held returns a connection that a process of a transcript holds open by the
// word "hold", once it does.
func held(t *testing.T) (conn <-chan net.Conn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { ln.Close() })
	t.Setenv("HOLD", ln.Addr().String())
	accepted := make(chan net.Conn, 1)
	go func() {
		defer close(accepted)
		if conn, err := ln.Accept(); err == nil {
			accepted <- conn
		}
	}()
	return accepted
}

// assertBroken expects that the process at the other end has ended.
func assertBroken(t *testing.T, conn net.Conn) {
	t.Helper()
	require.NotNil(t, conn)
	defer conn.Close()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
	_, err := conn.Read(make([]byte, 1))
	var late net.Error
	assert.False(t, err == nil, "something was sent")
	if assert.Error(t, err) {
		assert.NotErrorAs(t, err, &late, "the process still runs")
	}
}

func TestNoProcessIsLeftOver(t *testing.T) {
	conn := held(t)
	r := fakeRunner(t)
	r.grace = 50 * time.Millisecond
	_, err := played(t, r, `
	one | $ go run ./lesson01-fake/actor ignore hold say=here hang
	one | here`)
	require.NoError(t, err)
	assertBroken(t, <-conn)
}

func TestNoChildIsLeftOver(t *testing.T) {
	conn := held(t)
	file, steps := transcript(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor child say=here read
	one | here
	one | >>>`)
	var child net.Conn
	err := fakeRunner(t).Play(t.Context(), file, steps, View{Step: func(s course.Step) {
		if s.Text == "here" {
			child = <-conn // it is up before its parent ends
		}
	}})
	require.NoError(t, err)
	assertBroken(t, child)
}

func TestPlayingEndsWithItsContext(t *testing.T) {
	conn := held(t)
	file, steps := transcript(t, fakeRunner(t), `
	one | $ go run ./lesson01-fake/actor hold say=here hang
	one | here
	one | never`)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := fakeRunner(t).Play(ctx, file, steps, View{Step: func(s course.Step) {
		if s.Text == "here" {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	assertBroken(t, <-conn)
}
