// Package wire stands between the clients of a lesson and its server, forwards
// everything, and tells what crosses.
//
// Every client gets a connection of its own to the server, so a client's
// connect succeeds before the server accepts it, and where there is no server
// it is reset, during connect or after. What is told, is told before it is
// forwarded. Who is told may take its time: the wire waits, the kernel's buffers
// fill, and the sender of a TCP connection waits too. (A sender of datagrams
// does not, and the kernel drops what its buffer cannot hold.) An RST waits
// behind the bytes that were sent before it.
package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// maxConns is how many clients are served at once.
const maxConns = 100

// pause is how long the relay waits after a failed accept or read, which for
// lack of descriptors or memory may fail again.
const pause = 50 * time.Millisecond

// A Relay is a wire between the clients of a server and the server.
type Relay struct {
	server   netip.AddrPort
	hold     *Hold        // of its port; nil once another relay has it
	listener net.Listener // TCP
	packets  *net.UDPConn // UDP
	ctx      context.Context
	cancel   context.CancelFunc
	running  sync.WaitGroup

	showing sync.Mutex // held while show runs: one event at a time
	show    func(Event)
	start   time.Time

	mu    sync.Mutex // never held while show runs
	conns int        // clients so far
	links []*link    // the open TCP connections, in the order of their clients
	cuts  [2]cut     // by side
	lose  [2]int     // by side: datagrams still to be thrown away
}

// Listen starts a relay to server, a loopback address like 127.0.0.1:8081 or
// [::1]:8081, on a port of the same host that is free for TCP and for UDP: it
// relays both, to a server that may use one of them or either. Before, if it is
// not nil, is a relay whose listener is closed and whose port the new one takes
// over, so that clients find the server where they found another.
//
// It calls show with each event, one at a time and before its bytes go on. Show
// may block, which holds up the whole wire. It must not call the relay, and has
// to return for Close to return.
//
// At most 100 clients are served at once. With TCP the next one waits in the
// backlog until another has left. With UDP, which has no end, it takes the
// place of the client that has sent nothing for the longest time; what the
// server answers that one is lost, and when it sends again it is a new client.
func Listen(server string, before *Relay, show func(Event)) (*Relay, error) {
	addr, err := netip.ParseAddrPort(server)
	if err != nil || addr.Port() == 0 || !addr.Addr().IsLoopback() {
		return nil, fmt.Errorf("cannot relay to %q: expected a loopback address and a port, like 127.0.0.1:8081 or [::1]:8081", server)
	}
	r := &Relay{server: addr, show: show, start: time.Now(), cuts: [2]cut{{after: -1}, {after: -1}}}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	if before == nil || !r.takeOver(before) {
		err = r.takePort()
	}
	if err != nil {
		r.cancel()
		return nil, fmt.Errorf("cannot relay to %s: %w", server, err)
	}
	r.running.Go(func() { r.accept(r.listener) })
	r.running.Go(r.receive)
	return r, nil
}

// takePort listens on a port that it holds.
func (r *Relay) takePort() (err error) {
	for range 10 { // on Windows another may be faster
		if r.hold, err = HoldPort(r.server.Addr()); err != nil {
			return err
		}
		if err = r.listen(); err == nil {
			return nil
		}
		r.hold.Close()
	}
	return err
}

// takeOver reports whether it could listen on the port of the relay before.
func (r *Relay) takeOver(before *Relay) bool {
	if r.hold = before.hold; r.hold == nil || r.hold.addr.Addr() != r.server.Addr() || r.listen() != nil {
		return false
	}
	before.hold = nil
	return true
}

func (r *Relay) listen() (err error) {
	if r.listener, err = r.hold.listenTCP(r.ctx); err != nil {
		return err
	}
	if r.packets, err = r.hold.listenUDP(r.ctx); err != nil {
		r.listener.Close()
	}
	return err
}

// Addr returns the address that clients connect or send to, as HOST:PORT.
func (r *Relay) Addr() string { return r.listener.Addr().String() }

// CloseListener is for when the server has ended: from now on the kernel
// refuses clients, as it does where there is no relay. The port stays the relay's
// until Close. TCP connections live on. With UDP one socket serves all clients,
// so that this is the end of it.
func (r *Relay) CloseListener() {
	r.packets.Close() // an error says that it is closed already, here and below
	r.listener.Close()
}

// Close ends everything and returns when no goroutine is left. Nothing is told
// of it, and show is not called any more.
func (r *Relay) Close() {
	r.cancel() // closes every connection
	r.CloseListener()
	r.running.Wait()
	if r.hold != nil {
		r.hold.Close()
	}
}

// Lose throws away the next n datagrams of a side instead of what an earlier
// call asked for; 0 ends it. It is for UDP and does nothing to TCP.
func (r *Relay) Lose(from Side, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lose[from] = n
}

// CutAfter cuts the next connection that carries more than n bytes from the side
// from now on: it forwards exactly n of them, and the rest is lost. By RST both
// sides get an RST; by FIN the other side gets a FIN, as if this one had ended
// here. It happens once; a later call replaces an earlier one, and a negative n
// takes it back. What the receiver's kernel has not yet got of the n bytes can go
// under with the RST, as it can without a relay. It is for TCP and does nothing to
// UDP.
func (r *Relay) CutAfter(from Side, n int64, by Kind) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cuts[from] = cut{max(n, -1), by}
	for _, l := range r.links {
		l.carried[from] = 0
	}
}

// Open returns how many TCP connections are open.
func (r *Relay) Open() int { return len(r.open()) }

// Reset sends an RST to both sides of every open TCP connection. Each has two
// events then, one from either side.
func (r *Relay) Reset() {
	for _, l := range r.open() {
		l.reset(Event{Kind: RST, From: Client, ByRelay: true}, Event{Kind: RST, From: Server, ByRelay: true})
	}
}

// CloseWrite half-closes every open TCP connection as if the side had sent its
// FIN now. What it sends afterwards is lost, and its own FIN is not told.
func (r *Relay) CloseWrite(from Side) {
	for _, l := range r.open() {
		l.closeWrite(from)
	}
}

func (r *Relay) open() []*link {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.links)
}

func (r *Relay) nextConn() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.conns++
	return r.conns
}

// tell shows the events of one connection in a row and reports true, unless the
// relay has been closed or the connection is not open, which Connect makes it
// and an RST ends.
func (r *Relay) tell(conn int, open *bool, events ...Event) bool {
	r.showing.Lock()
	defer r.showing.Unlock()
	if r.ctx.Err() != nil || !*open && events[0].Kind != Connect {
		return false
	}
	for _, e := range events {
		e.Conn, e.At = conn, time.Since(r.start)
		*open = e.Kind != RST
		r.show(e)
	}
	return true
}

// data returns the event of a piece that crosses or is lost.
func data(kind Kind, from Side, piece []byte) Event {
	return Event{
		Kind: kind, From: from, Size: len(piece), ByRelay: kind == Lost,
		Data: slices.Clone(piece[:min(len(piece), shown)]),
	}
}

// again waits after err, and reports false when there is nothing to wait for:
// the relay, or the socket that err comes from, is closed.
func (r *Relay) again(err error) bool {
	if errors.Is(err, net.ErrClosed) {
		return false
	}
	select {
	case <-time.After(pause):
		return true
	case <-r.ctx.Done():
		return false
	}
}
