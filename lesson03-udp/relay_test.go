package udp

import (
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A fate is what a relay does to a datagram.
type fate int

const (
	pass fate = iota
	lose
	double
	hold // keep it back until the next one of the same way has gone
)

// A way is the direction of a datagram.
type way int

const (
	toServer way = iota
	toClient
)

// A relay stands between clients and a server. It keeps what each side received,
// and does to each datagram what decide says. Clients keep being different
// addresses to the server: each has a socket of its own on the far side.
type relay struct {
	addr    netip.AddrPort // where the clients send to
	near    *net.UDPConn
	server  netip.AddrPort
	decide  func(w way, datagram string) fate // nil lets everything pass
	readers sync.WaitGroup

	mu   sync.Mutex
	far  map[netip.AddrPort]*net.UDPConn // by client
	held map[way][]func()
	log  map[way][]string
}

func relayTo(t testing.TB, server string, decide func(way, string) fate) *relay {
	t.Helper()
	near, addr := bind(t)
	r := &relay{addr: addr, near: near, server: at(server), decide: decide,
		far: map[netip.AddrPort]*net.UDPConn{}, held: map[way][]func(){}, log: map[way][]string{}}
	r.readers.Go(func() {
		forward(near, func(msg string, client netip.AddrPort) {
			far := r.farSide(client)
			r.carry(toServer, msg, func() { far.WriteToUDPAddrPort([]byte(msg), r.server) }) // what fails is lost, which is what a relay may do
		})
	})
	t.Cleanup(func() {
		near.Close()
		r.mu.Lock()
		for _, far := range r.far {
			far.Close()
		}
		r.far = nil
		r.mu.Unlock()
		r.readers.Wait()
	})
	return r
}

// forward hands over each datagram until conn is closed.
func forward(conn *net.UDPConn, each func(msg string, sender netip.AddrPort)) {
	buf := make([]byte, maxDatagram)
	for {
		n, sender, err := conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		each(string(buf[:n]), sender)
	}
}

// farSide returns the socket that stands for client on the server's side.
func (r *relay) farSide(client netip.AddrPort) *net.UDPConn {
	r.mu.Lock()
	defer r.mu.Unlock()
	if far := r.far[client]; far != nil {
		return far
	}
	far, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		panic(err)
	}
	if r.far == nil { // the test is over
		far.Close()
		return far
	}
	r.far[client] = far
	r.readers.Go(func() {
		forward(far, func(msg string, _ netip.AddrPort) {
			r.carry(toClient, msg, func() { r.near.WriteToUDPAddrPort([]byte(msg), client) })
		})
	})
	return far
}

// carry sends a datagram as often and as late as its fate wants it.
func (r *relay) carry(w way, msg string, send func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := pass
	if r.decide != nil {
		f = r.decide(w, msg)
	}
	arrive := func() { r.log[w] = append(r.log[w], msg); send() }
	switch f {
	case lose:
		return
	case hold:
		r.held[w] = append(r.held[w], arrive)
		return
	case double:
		arrive()
	}
	arrive()
	for _, late := range r.held[w] {
		late()
	}
	r.held[w] = nil
}

// received returns the datagrams that each side was sent.
func (r *relay) received() (server, client []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.log[toServer]), slices.Clone(r.log[toClient])
}

// chance decides by a seed: so many datagrams in a hundred suffer each fate.
func chance(seed uint64, losses, doubles, holds int) func(way, string) fate {
	random := rand.New(rand.NewPCG(seed, 0))
	return func(way, string) fate {
		switch n := random.IntN(100); {
		case n < losses:
			return lose
		case n < losses+doubles:
			return double
		case n < losses+doubles+holds:
			return hold
		}
		return pass
	}
}

// first lets the first datagram of a way suffer f, and the others pass.
func first(w way, f fate) func(way, string) fate {
	var once sync.Once
	return func(of way, _ string) fate {
		result := pass
		if of == w {
			once.Do(func() { result = f })
		}
		return result
	}
}

func TestTheRelayLosesDoublesAndReordersAsItIsTold(t *testing.T) {
	server, addr := bind(t)
	client, _ := bind(t)
	fates := map[string]fate{"lost": lose, "twice": double, "late": hold}
	r := relayTo(t, addr.String(), func(_ way, msg string) fate { return fates[msg] })
	for _, msg := range []string{"late", "lost", "twice", "last"} {
		say(t, client, msg, r.addr)
	}
	for _, want := range []string{"twice", "twice", "late", "last"} {
		assert.Equal(t, want, heard(t, server))
	}
	got, _ := r.received()
	assert.Equal(t, []string{"twice", "twice", "late", "last"}, got)
}
