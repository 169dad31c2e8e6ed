package remote

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// shell returns the command that hands command to cmd.exe, which reads its
// command line its own way and gets it as it is.
func shell(command string) *exec.Cmd {
	cmd := exec.Command("cmd")
	cmd.SysProcAttr = &syscall.SysProcAttr{CmdLine: "cmd /C " + command}
	return cmd
}

// kill ends p and every process it has started.
func kill(p *os.Process) {
	exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(p.Pid)).Run() // an error says that they are gone
}
