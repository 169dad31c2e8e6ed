package udp

import (
	"errors"
	"net"
	"net/netip"
)

// listenShared would have to bind to the port on every address of the machine:
// Windows binds no socket to a group. Nothing here listens that widely.
func listenShared(netip.AddrPort) (*net.UDPConn, error) {
	return nil, errors.ErrUnsupported
}
