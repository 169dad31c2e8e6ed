package runner

import (
	"os/exec"

	"example.com/gosockets/tour/internal/keeper"
)

// keepGroup is OwnGroup, and more: whatever the process leaves behind, in whatever
// group or session, ends with it.
func keepGroup(cmd *exec.Cmd) { keeper.Keep(cmd) }

func killKept(pid int) { keeper.End(pid) }
