//go:build unix

package transfer

import "syscall"

// nonBlocking lets open return at once should a name stand for a pipe by now.
const nonBlocking = syscall.O_NONBLOCK
