//go:build unix

package remote

import (
	"sync"
	"syscall"
)

// mask is held by whoever has changed the process's mask, which is one for all.
var mask sync.Mutex

// ownersAlone has each file be made with mode 0600 or less until restore is
// called, a unix socket among them. (A chmod afterwards would leave a moment in
// which others can connect.)
func ownersAlone() (restore func()) {
	mask.Lock()
	before := syscall.Umask(0o177)
	return func() {
		syscall.Umask(before)
		mask.Unlock()
	}
}
