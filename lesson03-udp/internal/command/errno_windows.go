package command

import "golang.org/x/sys/windows"

const (
	errAddrInUse    = windows.WSAEADDRINUSE
	errAddrNotAvail = windows.WSAEADDRNOTAVAIL
	errConnAborted  = windows.WSAECONNABORTED
	errConnRefused  = windows.WSAECONNREFUSED
	errConnReset    = windows.WSAECONNRESET
	errTimedOut     = windows.WSAETIMEDOUT
)
