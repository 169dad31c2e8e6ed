//go:build unix

package command

import "syscall"

const (
	errAddrInUse    = syscall.EADDRINUSE
	errAddrNotAvail = syscall.EADDRNOTAVAIL
	errConnAborted  = syscall.ECONNABORTED
	errConnRefused  = syscall.ECONNREFUSED
	errConnReset    = syscall.ECONNRESET
	errTimedOut     = syscall.ETIMEDOUT
)
