package wire

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"sync"
)

func (r *Relay) accept(listener net.Listener) {
	places := make(chan struct{}, maxConns)
	for {
		select {
		case places <- struct{}{}:
		case <-r.ctx.Done():
			return
		}
		conn, err := listener.Accept()
		if err != nil {
			<-places
			if r.again(err) {
				continue
			}
			return
		}
		num := r.nextConn()
		r.running.Go(func() {
			r.connect(num, conn.(*net.TCPConn))
			<-places
		})
	}
}

// connect connects a client to the server, and returns when the connection is
// over.
func (r *Relay) connect(num int, client *net.TCPConn) {
	defer client.Close()
	local := address(client.RemoteAddr())
	dialer := net.Dialer{KeepAlive: -1}
	server, err := dialer.DialContext(r.ctx, "tcp", r.server.String())
	if err != nil {
		r.tell(num, new(true), Event{Kind: Refused, From: Server, Local: local})
		_ = client.SetLinger(0) // RST at Close; an error says that the client has reset it first
		return
	}
	l := &link{relay: r, num: num, ends: [2]*net.TCPConn{client, server.(*net.TCPConn)}}
	defer context.AfterFunc(r.ctx, l.close)()
	defer l.close()
	r.mu.Lock()
	at, _ := slices.BinarySearchFunc(r.links, num, func(l *link, num int) int { return l.num - num })
	r.links = slices.Insert(r.links, at, l)
	r.mu.Unlock()
	if l.tell(Event{Kind: Connect, From: Client, Local: local, Remote: address(server.LocalAddr())}) {
		var pumps sync.WaitGroup
		pumps.Go(func() { l.pump(Client) })
		pumps.Go(func() { l.pump(Server) })
		pumps.Wait()
	}
	r.mu.Lock()
	r.links = slices.DeleteFunc(r.links, func(other *link) bool { return other == l })
	r.mu.Unlock()
}

func address(addr net.Addr) netip.AddrPort { return addr.(*net.TCPAddr).AddrPort() }

// A cut is what is to happen to the next connection that carries more than after
// bytes from a side, not counting what it had carried when the cut was asked for:
// an RST, or a FIN from that side. Nothing, if after is -1.
type cut struct {
	after int64
	by    Kind
}

// cutHere returns how many of size bytes that a side has sent on l are to cross,
// and by what it is to be cut there; Data if it is not.
func (r *Relay) cutHere(l *link, from Side, size int) (n int, by Kind) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := l.carried[from]
	l.carried[from] += int64(size)
	c := r.cuts[from]
	if c.after < before || c.after >= before+int64(size) { // it is -1 when nobody has asked
		return size, Data
	}
	r.cuts[from].after = -1
	return int(c.after - before), c.by
}
