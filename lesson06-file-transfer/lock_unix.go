//go:build unix

package transfer

import (
	"os"
	"syscall"
)

// lock takes file for this program, until it is closed, or fails at once.
func lock(file *os.File) error {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
