package command

import (
	"os"
	"syscall"
)

var (
	stops      = []os.Signal{os.Interrupt, syscall.SIGTERM} // the latter also when the console is closed
	hangUp     []os.Signal
	closedPipe []os.Signal // a pipe without a reader is an error here, and no signal
)
