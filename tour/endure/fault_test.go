package endure

import (
	"context"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// underLoad puts a fake server under load for a moment.
func underLoad(t *testing.T, s *subject) Report {
	t.Helper()
	return s.endure(t.Context(), Report{Lesson: "fake", Seed: 1}, 2*time.Second)
}

// needLevels skips where levels cannot be seen from outside.
func needLevels(t *testing.T) {
	t.Helper()
	if note := Note(); note != "" {
		t.Skip(note)
	}
}

func TestAServerWithoutFaultEndures(t *testing.T) {
	t.Parallel()
	report := underLoad(t, faked(t, ""))
	assert.Empty(t, report.Faults)
	assert.Positive(t, report.Exchanges)
	assert.Positive(t, report.Hostile)
	assert.NotContains(t, report.String(), "WENT WRONG")
}

func TestLeakedDescriptorsAreAFault(t *testing.T) {
	t.Parallel()
	needLevels(t)
	s := faked(t, "descriptors")
	s.hold = time.Second // it is waited out: they do not come back
	assert.Contains(t, underLoad(t, s).String(), "descriptors leak")
}

func TestGrowingMemoryIsAFault(t *testing.T) {
	t.Parallel()
	needLevels(t)
	assert.Contains(t, underLoad(t, faked(t, "memory")).String(), "memory grows by more than 8 MiB")
}

func TestTooMuchMemoryAtAnyMomentIsAFault(t *testing.T) {
	t.Parallel()
	needLevels(t)
	l := &load{subject: faked(t, ""), most: mostMemory + 1}
	l.withstand(t.Context(), time.Millisecond)
	assert.Equal(t, []string{"memory was more than 96 MiB"}, l.list())
}

func TestGrowingThreadsAreAFault(t *testing.T) {
	t.Parallel()
	needLevels(t)
	assert.Contains(t, underLoad(t, faked(t, "threads")).String(), "threads grow by more than 32")
}

func TestLeakedGoroutinesAreAFault(t *testing.T) {
	t.Parallel()
	assert.Regexp(t, `goroutines leak: \d+ after the warm-up, \d+ in the end`, underLoad(t, faked(t, "goroutines")).String())
}

func TestAWrongAnswerIsAFault(t *testing.T) {
	t.Parallel()
	assert.Contains(t, underLoad(t, faked(t, "wrong")).String(), "a wrong answer")
}

func TestMoreThanTheAnswerIsAFault(t *testing.T) {
	t.Parallel()
	assert.Contains(t, underLoad(t, faked(t, "chatty")).String(), `then "good-bye" instead of ""`)
}

func TestWhatGoesWrongIsToldWithTheSeed(t *testing.T) {
	t.Parallel()
	report := underLoad(t, faked(t, "wrong"))
	assert.Contains(t, report.String(), "; WENT WRONG (-seed 1): no good client was served; a good client, after 0 exchanges: a wrong answer")
	assert.Regexp(t, `; and \d+ times more$`, report.String())
}

func TestAServerThatEndsUnderLoadIsAFault(t *testing.T) {
	t.Parallel()
	report := underLoad(t, faked(t, "panics"))
	assert.Regexp(t, `it ended under load with status 2: ".*the reason`, strings.Join(report.Faults, "\n"))
}

func TestAServerThatDoesNotListenIsAFault(t *testing.T) {
	t.Parallel()
	s := faked(t, "")
	s.env = nil
	s.args = []string{"-no-such-flag"} // for the tests' own binary
	assert.Contains(t, underLoad(t, s).String(), "it ended at once, with status 2")
}

func TestCtrlCHasToEndItWithStatus0(t *testing.T) {
	t.Parallel()
	faults := underLoad(t, faked(t, "fails")).Faults
	require.Len(t, faults, 1)
	assert.Regexp(t, `^after Ctrl-C it ended with status 3: ".*the reason`, faults[0])
}

func TestAServerThatDoesNotEndIsAFaultAndIsKilled(t *testing.T) {
	t.Parallel()
	s := faked(t, "stays")
	p, err := start(t.Context(), s, 0)
	require.NoError(t, err)
	l := &load{subject: s}
	l.stop(p, 100*time.Millisecond)
	assert.Equal(t, []string{"it still runs 100ms after Ctrl-C"}, l.list())
	p.kill()
	_, err = net.Dial("tcp", p.addr)
	assert.Error(t, err)
}

func TestAClientThatIsNeverDroppedIsAFault(t *testing.T) {
	t.Parallel()
	s := faked(t, "patient")
	s.hold = 100 * time.Millisecond
	p, err := start(t.Context(), s, 0)
	require.NoError(t, err)
	defer p.kill()
	h := &hostile{t.Context(), s, p.addr, (&load{}).random(1)}
	h.dial(func(conn *net.TCPConn) {
		assert.ErrorContains(t, h.silent(conn), "a client that is silent is still there after 100ms")
	})
	h.dial(func(conn *net.TCPConn) {
		assert.ErrorContains(t, h.deaf(conn), "a client that took no answers is still there after 100ms")
	})
}

func TestAServerForOneClientIsStartedAgain(t *testing.T) {
	t.Parallel()
	s := faked(t, "once")
	s.once, s.whole = true, true
	s.variants[0].exchange = upper(1000)
	report := underLoad(t, s)
	assert.Empty(t, report.Faults)
	assert.Positive(t, report.Exchanges)
	assert.Positive(t, report.Hostile)
	assert.Contains(t, report.String(), "a process for each")

	s.env = []string{"ENDURE_FAKE=once fails"}
	assert.Contains(t, underLoad(t, s).String(), "it ended with status 1")

	s.env = []string{"ENDURE_FAKE=once stays"}
	s.hold = 100 * time.Millisecond
	p := &load{subject: s}
	p.meetOnce(t.Context(), 0)
	assert.Equal(t, []string{"it still runs 100ms after its client left"}, p.list())
}

func TestDatagramsMayBeLostOrDoubledButNotWrong(t *testing.T) {
	t.Parallel()
	for _, faults := range []string{"udp lossy", "udp twice", "udp wrong"} {
		s := faked(t, faults)
		s.network = "udp"
		s.variants[0].exchange = datagram
		p, err := start(t.Context(), s, 0)
		require.NoError(t, err)
		defer p.kill()
		served, err := s.converse(t.Context(), p.addr, (&load{}).random(1), false, 0)
		if faults == "udp wrong" {
			assert.ErrorIs(t, err, errWrong)
			continue
		}
		assert.NoError(t, err, faults)
		assert.Positive(t, served)
	}
}

func TestNoServerIsLeftOver(t *testing.T) {
	t.Parallel()
	for _, faults := range []string{"stays", "mute"} {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer ln.Close()
		s := faked(t, faults)
		s.env = append(s.env, "ENDURE_HOLD="+ln.Addr().String())
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan Report)
		go func() { ended <- s.endure(ctx, Report{}, time.Hour) }()
		conn, err := ln.Accept() // it runs
		require.NoError(t, err)
		defer conn.Close()
		cancel()
		<-ended
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
		_, err = conn.Read(make([]byte, 1))
		require.Error(t, err)
		assert.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the server still runs")
	}
}
