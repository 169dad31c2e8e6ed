//go:build unix

package remote

import (
	"net"
	"syscall"
)

// listenPrivately makes the socket with mode 0600 from the start. (A chmod
// afterwards would leave a moment in which others can connect.)
func listenPrivately(path string) (net.Listener, error) {
	defer syscall.Umask(syscall.Umask(0o177))
	return net.Listen("unix", path)
}
