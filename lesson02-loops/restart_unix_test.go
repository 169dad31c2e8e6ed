//go:build unix

package loops

import (
	"errors"
	"syscall"
)

// forbidReuse takes SO_REUSEADDR, which Go has set, from a socket before it is
// bound.
func forbidReuse(_, _ string, socket syscall.RawConn) error {
	var failed error
	err := socket.Control(func(fd uintptr) {
		failed = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 0)
	})
	return errors.Join(err, failed)
}
