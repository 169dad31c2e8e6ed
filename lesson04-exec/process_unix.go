//go:build unix

package remote

import (
	"os"
	"os/exec"
	"syscall"
)

// shell returns the command that hands command to the shell, in a process group
// of its own: what the shell starts belongs to the group too.
func shell(command string) *exec.Cmd {
	cmd := exec.Command("sh", "-c", command)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// kill ends every process of p's group. Killing p alone would end the shell and
// leave what it started.
func kill(p *os.Process) {
	syscall.Kill(-p.Pid, syscall.SIGKILL) // an error says that the group is gone
}
