package wire

import (
	"context"
	"fmt"
	"net"
	"net/netip"
)

// A Hold keeps a port of a loopback address, for TCP and for UDP: the system gives
// it to nobody who asks for any that is free. Where nobody listens on it, who comes
// is refused. Who names it can listen on it, with SO_REUSEADDR in the case of UDP;
// TCP servers have that anyway.
//
// Not on Windows, where SO_REUSEADDR means something else: there the port is free,
// and whoever asks first has it.
type Hold struct {
	addr   netip.AddrPort
	anchor net.Listener // what tcp is connected to
	tcp    net.Conn     // has the port, and does not listen
	udp    net.Conn     // has the port, and hears nobody but itself
}

// HoldPort takes a port of host, a loopback address, for as long as the Hold is not
// closed.
func HoldPort(host netip.Addr) (*Hold, error) {
	var err error
	for range 10 { // what is free for TCP may be taken for UDP
		h := &Hold{}
		if err = h.take(host); err == nil {
			return h, nil
		}
		h.Close()
	}
	return nil, fmt.Errorf("taking a port of %s: %w", host, err)
}

func (h *Hold) take(host netip.Addr) (err error) {
	free := netip.AddrPortFrom(host, 0)
	if h.anchor, err = net.Listen("tcp", free.String()); err != nil {
		return err
	}
	dialer := net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(free), Control: reuse}
	if h.tcp, err = dialer.Dial("tcp", h.anchor.Addr().String()); err != nil {
		return err
	}
	h.addr = h.tcp.LocalAddr().(*net.TCPAddr).AddrPort()
	dialer.LocalAddr = net.UDPAddrFromAddrPort(h.addr)
	if h.udp, err = dialer.Dial("udp", h.addr.String()); err != nil {
		return err
	}
	if !canHold {
		h.Close()
	}
	return nil
}

// Addr returns the address that is kept, as HOST:PORT.
func (h *Hold) Addr() string { return h.addr.String() }

// Close gives the port back. It may be called again.
func (h *Hold) Close() {
	if h.tcp != nil {
		_ = h.tcp.(*net.TCPConn).SetLinger(0) // no TIME_WAIT; an error says that it is closed already, here and below
		_ = h.tcp.Close()
	}
	if h.anchor != nil {
		_ = h.anchor.Close()
	}
	if h.udp != nil {
		_ = h.udp.Close()
	}
}

// listenTCP and listenUDP listen on the port.
func (h *Hold) listenTCP(ctx context.Context) (net.Listener, error) {
	config := net.ListenConfig{KeepAlive: -1} // nothing on the wire that no side has sent
	config.SetMultipathTCP(false)
	return config.Listen(ctx, "tcp", h.Addr())
}

func (h *Hold) listenUDP(ctx context.Context) (*net.UDPConn, error) {
	config := net.ListenConfig{Control: reuse}
	packets, err := config.ListenPacket(ctx, "udp", h.Addr())
	if err != nil {
		return nil, err
	}
	conn := packets.(*net.UDPConn)
	enlarge(conn)
	return conn, nil
}
