//go:build unix

package remote

import "syscall"

// ownersAlone has each file be made with mode 0600 or less until restore is
// called, a unix socket among them. (A chmod afterwards would leave a moment in
// which others can connect.)
func ownersAlone() (restore func()) {
	mask := syscall.Umask(0o177)
	return func() { syscall.Umask(mask) }
}
