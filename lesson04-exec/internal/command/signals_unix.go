//go:build unix

package command

import (
	"os"
	"syscall"
)

var (
	stops      = []os.Signal{os.Interrupt, syscall.SIGTERM}
	hangUp     = []os.Signal{syscall.SIGHUP} // the terminal is closed
	closedPipe = []os.Signal{syscall.SIGPIPE}
)
