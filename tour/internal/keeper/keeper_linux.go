// Package keeper ends what a program leaves behind. It imports little, so that Go
// initialises it, and starts a keeper, before the tour's libraries.
package keeper

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// name is what a keeper is called. It is this program once more, and stands
// between the tour and one that the tour has started. What that one leaves behind,
// in whatever group or session, becomes the keeper's child, which is what Linux
// calls a subreaper. The keeper passes Ctrl-C on; on SIGTERM, and once its program
// has ended, it ends all that is left by force. When the tour is killed it
// gives its program time to end what it has started.
const name = "tour-keeper"

func init() {
	if len(os.Args) > 2 && os.Args[0] == name {
		os.Exit(keep(os.Args[1], os.Args[2:]))
	}
}

// grace is how long a program has to end what it has started once the tour is gone.
const grace = 2 * time.Second

// Keep makes cmd start its program below a keeper, in a process group whose first
// process the keeper is.
func Keep(cmd *exec.Cmd) {
	if cmd.Err == nil {
		cmd.Args = append([]string{name, cmd.Path}, cmd.Args...)
		cmd.Path = "/proc/self/exe"
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGHUP}
	}
}

// End ends a keeper's program and all that it has started, by force.
func End(keeper int) { _ = syscall.Kill(keeper, syscall.SIGTERM) }

// keep runs a program and returns its exit status once nothing of it is left.
func keep(path string, argv []string) int {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP) // first: the tour may end it at once

	const setChildSubreaper = 36 // PR_SET_CHILD_SUBREAPER
	if _, _, errno := syscall.Syscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0); errno != 0 {
		fmt.Fprintln(os.Stderr, "keeping", path+":", errno) // it runs all the same
	}
	program, err := syscall.ForkExec(path, argv, &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{0, 1, 2},
		Sys:   &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}, // the main thread runs init, and lives as long
	})
	if err != nil {
		fmt.Fprintf(os.Stderr, "starting %s: %v\n", path, err)
		return 127
	}
	os.Stdin.Close() // who reads or writes at the other end is to see when the program closes its own
	os.Stdout.Close()
	os.Stderr.Close()
	go func() {
		for s := range signals {
			switch s {
			case syscall.SIGINT:
				_ = syscall.Kill(-program, syscall.SIGINT)
			case syscall.SIGHUP:
				_ = syscall.Kill(-program, syscall.SIGTERM)
				time.AfterFunc(grace, endAll)
			case syscall.SIGTERM:
				endAll()
			}
		}
	}()
	status, over := 0, false
	for {
		var ended syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &ended, 0, nil)
		switch {
		case err == syscall.ECHILD:
			return status
		case err != nil: // EINTR
			continue
		case pid == program:
			if over, status = true, ended.ExitStatus(); ended.Signaled() {
				status = 128 + int(ended.Signal())
			}
		}
		if over {
			endAll() // what these have started comes to be the keeper's, and ends in the next turn
		}
	}
}

// endAll sends SIGKILL to every process below this one.
func endAll() {
	parents := map[int]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range stats {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue // it has just ended
		}
		after := string(stat[strings.LastIndex(string(stat), ")")+1:]) // the name may be anything
		if fields := strings.Fields(after); len(fields) > 1 {
			pid, _ := strconv.Atoi(strings.Split(file, "/")[2])
			parents[pid], _ = strconv.Atoi(fields[1])
		}
	}
	for pid := range parents {
		above := parents[pid]
		for above > 1 && above != os.Getpid() {
			above = parents[above]
		}
		if above == os.Getpid() {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}
