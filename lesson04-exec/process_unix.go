//go:build unix

package remote

import (
	"os"
	"syscall"
)

// ownSession puts the shell that runs command into a session of its own. A session
// has its own terminal or, like this one, none: /dev/tty cannot be opened, where a
// command would read what is typed to the server, or draw on its screen. (Under its
// own name, /dev/pts/3 say, a terminal is still open to all that its user runs.) A
// session begins as one process group, to which what the shell starts belongs too.
func ownSession(command string) *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// kill ends every process of p's group. Killing p alone would end the shell and
// leave what it started.
func kill(p *os.Process) {
	syscall.Kill(-p.Pid, syscall.SIGKILL) // an error says that the group is gone
}
