//go:build unix

package udp

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"syscall"
)

// listenShared binds a socket to a group or a broadcast address, and to nothing
// else. It takes the steps one by one, because net.ListenMulticastUDP binds to
// the port on every address of the machine.
func listenShared(addr netip.AddrPort) (*net.UDPConn, error) {
	if !addr.Addr().Is4() {
		return nil, errors.New("only IPv4 groups are joined here")
	}
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	file := os.NewFile(uintptr(fd), addr.String())
	defer file.Close() // FilePacketConn works on a copy
	if err := shareAndBind(fd, addr); err != nil {
		return nil, err
	}
	conn, err := net.FilePacketConn(file)
	if err != nil {
		return nil, err
	}
	return conn.(*net.UDPConn), nil
}

func shareAndBind(fd int, addr netip.AddrPort) error {
	syscall.CloseOnExec(fd)
	if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		return os.NewSyscallError("setsockopt", err)
	}
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: addr.Addr().As4(), Port: int(addr.Port())}); err != nil {
		return os.NewSyscallError("bind", err)
	}
	if !addr.Addr().IsMulticast() {
		return nil
	}
	membership := syscall.IPMreq{Multiaddr: addr.Addr().As4(), Interface: [4]byte{127, 0, 0, 1}}
	return os.NewSyscallError("setsockopt", syscall.SetsockoptIPMreq(fd, syscall.IPPROTO_IP, syscall.IP_ADD_MEMBERSHIP, &membership))
}
