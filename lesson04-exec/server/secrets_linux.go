package main

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// hideSecrets has the kernel keep what it tells of this process in /proc (its
// environment, memory and descriptors) from all but root. A command runs as the
// same user, and would read in /proc/$PPID/environ what it is not given. What else
// that user may read it reads still: the environment of the shell, or of go run,
// that the server was started with, say.
func hideSecrets() error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("cannot hide the server's environment from commands: %w", err)
	}
	return nil
}
