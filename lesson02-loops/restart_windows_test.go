package loops

import "syscall"

// forbidReuse has nothing to do: Windows gives a port back at once, and Go does
// not set SO_REUSEADDR there, where it would let two programs share a port.
func forbidReuse(_, _ string, _ syscall.RawConn) error { return nil }
