package udp

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
)

// resolve returns the IP address and port that addr, HOST:PORT, stands for. No
// host stands for this one. A link-local address goes with the name or the number
// of its interface, and has the name afterwards.
func resolve(addr string) (netip.AddrPort, error) {
	resolved, err := net.ResolveUDPAddr("udp", addr)
	if err != nil {
		return netip.AddrPort{}, err
	}
	ip := resolved.AddrPort().Addr().Unmap()
	if !ip.IsValid() {
		ip = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	if ip.Is6() && ip.IsLinkLocalUnicast() {
		link, err := interfaceOf(ip)
		if err != nil {
			return netip.AddrPort{}, fmt.Errorf("%s: a link-local address goes with an interface, as in [fe80::1%%eth0]:8080: %w", addr, err)
		}
		ip = ip.WithZone(link.Name) // which senders bear
	}
	return netip.AddrPortFrom(ip, resolved.AddrPort().Port()), nil
}

// interfaceOf returns the interface that ip's zone, a name or a number, stands for.
func interfaceOf(ip netip.Addr) (*net.Interface, error) {
	if index, err := strconv.Atoi(ip.Zone()); err == nil {
		return net.InterfaceByIndex(index)
	}
	return net.InterfaceByName(ip.Zone())
}

// isSelf reports whether sender is the socket that is bound to local, which may
// stand for every address of this machine.
func isSelf(sender, local netip.AddrPort) bool {
	ip := sender.Addr().Unmap()
	switch {
	case sender.Port() != local.Port():
		return false
	case !local.Addr().IsUnspecified():
		return ip == local.Addr().Unmap()
	case ip.IsLoopback():
		return true
	}
	own, _ := net.InterfaceAddrs() // asked each time: addresses come and go
	return slices.ContainsFunc(own, func(addr net.Addr) bool {
		prefix, err := netip.ParsePrefix(addr.String())
		return err == nil && prefix.Addr() == ip.WithZone("")
	})
}

// forEveryone reports whether several programs can receive on ip: a multicast
// group, or the broadcast address of this machine.
func forEveryone(ip netip.Addr) bool {
	return ip.IsMulticast() || ip == netip.AddrFrom4([4]byte{127, 255, 255, 255})
}

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
