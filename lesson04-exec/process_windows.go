package remote

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// ownSession hands command to cmd.exe as it is: that reads its command line its own
// way. There are no such sessions and process groups here.
func ownSession(command string) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CmdLine: "cmd /C " + command}
}

// kill ends p and every process it has started.
func kill(p *os.Process) {
	exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(p.Pid)).Run() // an error says that they are gone
}
