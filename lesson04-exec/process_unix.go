//go:build unix

package remote

import (
	"os"
	"syscall"
)

// ownGroup puts the shell that runs command into a process group of its own: what
// the shell starts belongs to the group too.
func ownGroup(command string) *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// kill ends every process of p's group. Killing p alone would end the shell and
// leave what it started.
func kill(p *os.Process) {
	syscall.Kill(-p.Pid, syscall.SIGKILL) // an error says that the group is gone
}
