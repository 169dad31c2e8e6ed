package runner

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

var generateConsoleCtrlEvent = syscall.NewLazyDLL("kernel32.dll").NewProc("GenerateConsoleCtrlEvent")

// OwnGroup gives the process that cmd will start a console group of its own, so
// that a break event reaches it and what it starts, and only them.
func OwnGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// InterruptGroup sends Ctrl-Break, which Go programs see as os.Interrupt: a
// Ctrl-C cannot be sent to one group alone. A group that has ended needs none.
func InterruptGroup(pid int) {
	_, _, _ = generateConsoleCtrlEvent.Call(syscall.CTRL_BREAK_EVENT, uintptr(pid))
}

// KillGroup ends the process and all it started. One that has ended is fine.
func KillGroup(pid int) {
	_ = exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(pid)).Run()
}

func exitStatus(state *os.ProcessState) int { return state.ExitCode() }
