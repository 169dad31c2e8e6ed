package endure

import (
	"context"
	"io"
	"net"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/gosockets/tour/internal/ci"
)

// underLoad puts a fake server under load for a moment, and for a longer one while
// it has not met enough clients for what is looked for.
func underLoad(t *testing.T, s *subject, enough func(Report) bool) Report {
	t.Helper()
	ci.Only(t, "puts a server under load")
	for duration := time.Second; ; duration *= 2 {
		report := s.endure(t.Context(), Report{Lesson: "fake", Seed: 1}, duration)
		if enough(report) {
			return report
		}
		require.Less(t, duration, time.Minute, "%s", report)
	}
}

// assertFault expects a fault like the pattern.
func assertFault(t *testing.T, s *subject, pattern string) {
	t.Helper()
	fault := regexp.MustCompile(pattern)
	underLoad(t, s, func(r Report) bool { return fault.MatchString(strings.Join(r.Faults, "\n")) })
}

func bothKinds(r Report) bool { return r.Exchanges > 0 && r.Hostile > 0 }

// hurry leaves a server no time to let go of clients.
func (s *subject) hurry(slack time.Duration) { s.limits, s.slack = 0, slack }

// needLevels skips where levels cannot be seen from outside.
func needLevels(t *testing.T) {
	t.Helper()
	if note := Note(); note != "" {
		t.Skip(note)
	}
}

func TestAServerWithoutFaultEndures(t *testing.T) {
	t.Parallel()
	report := underLoad(t, faked(t, ""), bothKinds)
	assert.Empty(t, report.Faults)
	assert.NotContains(t, report.String(), "WENT WRONG")
}

func TestLeakedDescriptorsAreAFault(t *testing.T) {
	t.Parallel()
	needLevels(t)
	s := faked(t, "descriptors")
	s.hurry(time.Second) // it is waited out: they do not come back
	assertFault(t, s, "descriptors leak")
}

func TestGrowingMemoryIsAFault(t *testing.T) {
	t.Parallel()
	needLevels(t)
	assertFault(t, faked(t, "memory"), "memory grows by more than 8 MiB")
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
	s := faked(t, "threads")
	s.hurry(time.Second) // neither they nor their goroutines come back
	assertFault(t, s, "threads grow by more than 32")
}

func TestLeakedGoroutinesAreAFault(t *testing.T) {
	t.Parallel()
	s := faked(t, "goroutines")
	s.hurry(time.Second) // they do not come back
	assertFault(t, s, `goroutines leak: \d+ after the warm-up, \d+ in the end`)
}

func TestAWrongAnswerIsAFault(t *testing.T) {
	t.Parallel()
	s := faked(t, "wrong")
	s.stops = time.Hour // before that it is no limit's doing
	assertFault(t, s, "a wrong answer")
}

func TestMoreThanTheAnswerIsAFault(t *testing.T) {
	t.Parallel()
	assertFault(t, faked(t, "chatty"), `then "good-bye" instead of ""`)
}

func TestWhatGoesWrongIsToldWithTheSeed(t *testing.T) {
	t.Parallel()
	s := faked(t, "wrong")
	report := underLoad(t, s, func(r Report) bool { return len(r.Faults) > 1 })
	assert.Contains(t, report.String(), "; WENT WRONG (-seed 1): no good client was served; a good client, after 0 exchanges: a wrong answer")
}

func TestNoMoreFaultsAreToldThanCanBeRead(t *testing.T) {
	var l load
	for range maxFaults + 3 {
		l.fault(errWrong)
	}
	assert.Len(t, l.list(), maxFaults+1)
	assert.Equal(t, "and 3 times more", l.list()[maxFaults])
}

func TestWhoIsCutShortByATimeLimitComesAgain(t *testing.T) {
	s := &subject{limit: time.Second}
	ago := func(d time.Duration) time.Time { return time.Now().Add(-d) }
	assert.ErrorIs(t, s.late(io.EOF, ago(time.Minute)), errLate)
	assert.NotErrorIs(t, s.late(io.EOF, ago(-time.Hour)), errLate, "too soon")
	assert.NotErrorIs(t, s.late(errWrong, ago(time.Minute)), errLate)
	s.stops = time.Second
	assert.ErrorIs(t, s.late(errWrong, ago(time.Minute)), errLate)
	s.limit = 0
	assert.NotErrorIs(t, s.late(io.EOF, ago(time.Minute)), errLate, "it has none")
	assert.NoError(t, s.late(nil, ago(time.Minute)))

	var l load
	came := 0
	l.untilServed(t.Context(), func() error { came++; return errLate })
	assert.Equal(t, tries, came)
	assert.Equal(t, []string{errLate.Error()}, l.list())
	l.untilServed(t.Context(), func() error {
		if came++; came == 2*tries {
			return nil
		}
		return errLate
	})
	assert.Len(t, l.list(), 1)
	assert.EqualValues(t, 2*(tries-1), l.heldUp.Load())
}

func TestAServerThatDropsAGoodClientAtOnceIsAFault(t *testing.T) {
	t.Parallel()
	assertFault(t, faked(t, "rude"), `a good client, after \d exchanges: answered with "", 0 of`)
}

func TestAServerThatEndsUnderLoadIsAFault(t *testing.T) {
	t.Parallel()
	assertFault(t, faked(t, "panics"), `it ended under load with status 2: ".*the reason`)
}

func TestAServerThatDoesNotListenIsAFault(t *testing.T) {
	t.Parallel()
	s := faked(t, "")
	s.env = nil
	s.args = []string{"-no-such-flag"} // for the tests' own binary
	assertFault(t, s, "it ended at once, with status 2")
}

func TestCtrlCHasToEndItWithStatus0(t *testing.T) {
	t.Parallel()
	report := underLoad(t, faked(t, "fails"), bothKinds)
	require.Len(t, report.Faults, 1)
	assert.Regexp(t, `^after Ctrl-C it ended with status 3: ".*the reason`, report.Faults[0])
}

func TestAServerThatDoesNotEndIsAFaultAndIsKilled(t *testing.T) {
	t.Parallel()
	s := faked(t, "stays")
	p, err := start(t.Context(), s)
	require.NoError(t, err)
	l := &load{subject: s}
	l.stop(p, 100*time.Millisecond)
	assert.Equal(t, []string{"it still runs 100ms after Ctrl-C"}, l.list())
	p.kill()
	assert.True(t, p.hasEnded())
	assert.NotZero(t, p.status, "it was killed")
}

func TestAClientThatIsNeverDroppedIsAFault(t *testing.T) {
	t.Parallel()
	s := faked(t, "patient")
	s.limits, s.slack = 100*time.Millisecond, 0
	p, err := start(t.Context(), s)
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
	s.exchange = upper(1000)
	report := underLoad(t, s, bothKinds)
	assert.Empty(t, report.Faults)
	assert.Contains(t, report.String(), "a process for each")

	s.env = []string{"ENDURE_FAKE=once fails"}
	assertFault(t, s, "it ended with status 1")

	s.env = []string{"ENDURE_FAKE=once stays"}
	s.hurry(100 * time.Millisecond)
	p := &load{subject: s}
	assert.NoError(t, p.meetOnce(t.Context(), 0))
	assert.Equal(t, []string{"it still runs 100ms after its client left"}, p.list())
}

func TestDatagramsMayBeLostOrDoubledButNotWrong(t *testing.T) {
	t.Parallel()
	for _, faults := range []string{"udp lossy", "udp twice", "udp wrong"} {
		s := faked(t, faults)
		s.network = "udp"
		s.exchange = datagram
		p, err := start(t.Context(), s)
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
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
		_, err = conn.Read(make([]byte, 1))
		require.Error(t, err)
		assert.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the server still runs")
	}
}
