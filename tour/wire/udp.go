package wire

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// maxDatagram is more than a datagram can have: 65507 bytes with IPv4 and 65527
// with IPv6.
const maxDatagram = 64 << 10

// socketBuffer is what the relay asks the kernel for on each socket: a Mac
// sends no datagram that is bigger, and bursts need room.
const socketBuffer = 1 << 20

// enlarge asks for bigger buffers; what the kernel does not give is not needed
// for most.
func enlarge(conn *net.UDPConn) {
	_ = conn.SetReadBuffer(socketBuffer)
	_ = conn.SetWriteBuffer(socketBuffer)
}

// A peer is a client of a UDP server. It has a socket of its own toward the
// server, as behind a router that translates addresses.
type peer struct {
	relay  *Relay
	num    int
	client netip.AddrPort
	server *net.UDPConn // connected to the server
	last   time.Time    // when it sent its latest datagram
	open   bool         // since its Connect; relay.showing guards it
}

// receive forwards what clients send until the relay's socket is closed.
func (r *Relay) receive() {
	peers := map[netip.AddrPort]*peer{}
	defer func() {
		for _, p := range peers {
			p.server.Close()
		}
	}()
	buf := make([]byte, maxDatagram)
	for {
		n, client, err := r.packets.ReadFromUDPAddrPort(buf)
		if err != nil {
			if r.again(err) {
				continue
			}
			return
		}
		p := peers[client]
		if p == nil {
			makeRoom(peers)
			if p, err = r.meet(client); err != nil { // out of descriptors: one datagram less
				continue
			}
			peers[client] = p
		}
		p.last = time.Now()
		p.send(buf[:n])
	}
}

// makeRoom ends the peer that has been silent for the longest time when there
// are as many as there may be.
func makeRoom(peers map[netip.AddrPort]*peer) {
	if len(peers) < maxConns {
		return
	}
	var oldest *peer
	for _, p := range peers {
		if oldest == nil || p.last.Before(oldest.last) {
			oldest = p
		}
	}
	oldest.server.Close()
	delete(peers, oldest.client)
}

// meet gives a client that sends for the first time its socket to the server.
func (r *Relay) meet(client netip.AddrPort) (*peer, error) {
	server, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(r.server))
	if err != nil {
		return nil, err
	}
	enlarge(server)
	p := &peer{relay: r, num: r.nextConn(), client: client, server: server}
	p.tell(Event{Kind: Connect, UDP: true, From: Client, Local: client, Remote: server.LocalAddr().(*net.UDPAddr).AddrPort()})
	r.running.Go(p.answer)
	return p, nil
}

func (p *peer) tell(e Event) bool { return p.relay.tell(p.num, &p.open, e) }

// send forwards a datagram to the server. The kernel may use the call to report
// that an earlier one was refused, and then this one has not left.
func (p *peer) send(datagram []byte) {
	if !p.crosses(Client, datagram) {
		return
	}
	if _, err := p.server.Write(datagram); errors.Is(err, syscall.ECONNREFUSED) {
		p.tell(Event{Kind: Refused, From: Server, Local: p.client})
		_, _ = p.server.Write(datagram) // as below
	}
}

// answer forwards what the server sends to the client until the peer's socket
// is closed.
func (p *peer) answer() {
	defer context.AfterFunc(p.relay.ctx, func() { p.server.Close() })()
	buf := make([]byte, maxDatagram)
	for {
		n, err := p.server.Read(buf)
		switch {
		case errors.Is(err, syscall.ECONNREFUSED): // by ICMP; Windows keeps it to itself
			p.tell(Event{Kind: Refused, From: Server, Local: p.client})
		case err != nil:
			if !p.relay.again(err) {
				return
			}
		case p.crosses(Server, buf[:n]):
			_, _ = p.relay.packets.WriteToUDPAddrPort(buf[:n], p.client) // UDP promises nothing: what the kernel does not take is lost
		}
	}
}

// crosses tells of a datagram, and reports whether it is to be forwarded.
func (p *peer) crosses(from Side, datagram []byte) bool {
	kind := Data
	if p.relay.loses(from) {
		kind = Lost
	}
	return p.tell(data(kind, from, datagram)) && kind == Data
}

// loses reports whether the next datagram of a side is to be thrown away.
func (r *Relay) loses(from Side) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lose[from] <= 0 {
		return false
	}
	r.lose[from]--
	return true
}
