//go:build unix

package remote

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestATimeLimitEndsTheWholeProcessGroup(t *testing.T) {
	line := newLifeline(t)
	server := serve(t, Server{Timeout: 2 * soon})
	conn := connect(t, server.addr)
	send(t, conn, line.holding("sleep 1000 & sh -c 'sleep 1000 & sleep 1000' & trap '' TERM INT HUP; sleep 1000 | sleep 1000"))
	pid := line.started(t)
	assert.NoError(t, syscall.Kill(-pid, 0), "the group is there")
	receive(t, conn, "(stopped after 1s)\n")
	line.ended(t)
}

func TestWhatACommandLeavesInTheBackgroundEndsWithIt(t *testing.T) {
	line := newLifeline(t)
	server := serve(t, Server{})
	conn := connect(t, server.addr)
	send(t, conn, line.holding("sleep 1000 & sleep 1000 >/dev/null 2>&1 & echo done"))
	line.started(t)
	began := time.Now()
	receive(t, conn, "done\n")
	assert.Less(t, time.Since(began), parting, "no wait for the pipe that the background holds open")
	line.ended(t)
}

// A process that starts a session of its own is out of reach. It can keep the
// answer back, by holding the pipe, for no longer than parting.
func TestAProcessThatLeavesItsGroupEscapesAndDelaysTheAnswerByNoMoreThanASecond(t *testing.T) {
	python := python3(t)
	line := newLifeline(t)
	server := serve(t, Server{})
	conn := connect(t, server.addr)
	send(t, conn, "exec 9>"+line.path+`; "`+python+`" -c '`+
		`import os, subprocess; `+
		`sleep = subprocess.Popen(["sleep", "1000"], start_new_session=True, pass_fds=[9]); `+
		`os.write(9, b"%d\n" % sleep.pid)'`)
	receive(t, conn, "(no output, exit status 0)\n")
	line.started(t) // and is ended by the test
	line.alive(t)
	assert.Equal(t, time.Second, parting)
}
