package udp

import (
	"fmt"
	"net"
	"net/netip"
)

// Resolve returns the IP address and port that addr, HOST:PORT, stands for. No
// host stands for this one.
func Resolve(addr string) (netip.AddrPort, error) {
	resolved, err := net.ResolveUDPAddr("udp", addr)
	if err != nil {
		return netip.AddrPort{}, err
	}
	ip := resolved.AddrPort().Addr().Unmap()
	if !ip.IsValid() {
		ip = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	return netip.AddrPortFrom(ip, resolved.AddrPort().Port()), nil
}

// Listen binds a socket to addr. A multicast group, or the broadcast address of
// this machine, can be listened to by several programs at once; a group is
// joined on the loopback interface, which asks for nothing from outside.
func Listen(addr netip.AddrPort) (*net.UDPConn, error) {
	if addr.Addr().IsMulticast() || addr.Addr() == loopbackBroadcast {
		conn, err := listenShared(addr)
		if err != nil {
			return nil, fmt.Errorf("cannot share %v: %w", addr, err)
		}
		return conn, nil
	}
	network, _ := source(addr.Addr())
	return net.ListenUDP(network, net.UDPAddrFromAddrPort(addr))
}

var loopbackBroadcast = netip.AddrFrom4([4]byte{127, 255, 255, 255})

// source returns the network and the local address, with any free port, from
// which to speak to ip. What is for this machine, or for a group, is sent from
// loopback and does not leave it.
func source(ip netip.Addr) (network string, local netip.AddrPort) {
	switch here := ip.IsLoopback() || ip.IsMulticast(); {
	case ip.Is4() && here:
		return "udp4", netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), 0)
	case ip.Is4():
		return "udp4", netip.AddrPortFrom(netip.IPv4Unspecified(), 0)
	case here:
		return "udp6", netip.AddrPortFrom(netip.IPv6Loopback(), 0)
	}
	return "udp6", netip.AddrPortFrom(netip.IPv6Unspecified(), 0)
}
