package guard

import "golang.org/x/sys/windows"

const errConnReset = windows.WSAECONNRESET

// passingErrors are what Accept may fail with today and not tomorrow: the
// process or the machine is out of sockets or memory, or the client has left
// before it was accepted.
var passingErrors = []error{windows.WSAEMFILE, windows.WSAENOBUFS, windows.WSAECONNRESET}
