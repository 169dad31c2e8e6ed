//go:build unix

package wire

import (
	"net"
	"syscall"
)

// isReset reports whether conn has ended, which only an RST does while this
// side has not sent its FIN. The kernel then no longer knows a peer.
func isReset(conn *net.TCPConn) (reset bool) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return false
	}
	_ = raw.Control(func(fd uintptr) { reset = hasNoPeer(fd) }) // an error says that conn is closed
	return reset
}

// awaitReset is isReset for a conn that has been read to its EOF: it waits
// until conn has ended, and reports false when it is closed instead.
func awaitReset(conn *net.TCPConn) (reset bool) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return false
	}
	_ = raw.Read(func(fd uintptr) bool { // again at each event of the socket
		reset = hasNoPeer(fd)
		return reset
	})
	return reset
}

func hasNoPeer(fd uintptr) bool {
	_, err := syscall.Getpeername(int(fd))
	return err != nil
}
