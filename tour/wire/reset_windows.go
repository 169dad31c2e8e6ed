package wire

import "net"

// isReset is not needed here: Windows reports an RST to each call.
func isReset(*net.TCPConn) bool { return false }

// awaitReset can not wait for an RST after EOF here: it is seen at the next
// write to the side.
func awaitReset(*net.TCPConn) bool { return false }
