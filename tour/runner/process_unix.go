//go:build unix

package runner

import (
	"os"
	"os/exec"
	"syscall"
)

// OwnGroup puts the process that cmd will start, and whatever that starts, in a
// process group of their own, so that signals reach all of them and only them.
func OwnGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	endWithParent(cmd.SysProcAttr)
}

// InterruptGroup is Ctrl-C. A group that has ended needs none.
func InterruptGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGINT) }

// KillGroup ends every process of the group. One that has ended already is fine.
func KillGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }

// exitStatus is what a shell shows in $?: a process that signal n ended has
// 128+n.
func exitStatus(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}
