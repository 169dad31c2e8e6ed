//go:build !linux

package runner

import "os/exec"

// keepGroup is OwnGroup: what leaves the group is not found here.
func keepGroup(cmd *exec.Cmd) { OwnGroup(cmd) }

func killKept(pid int) { KillGroup(pid) }
