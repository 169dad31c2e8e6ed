//go:build unix && !linux

package runner

import "syscall"

// endWithParent does nothing: only Linux ends a process for its parent.
func endWithParent(*syscall.SysProcAttr) {}
