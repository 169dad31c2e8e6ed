package runner

import (
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/wire"
)

// crossingsKept is how many crossings may wait for a transcript that is not there
// yet. Later ones are shown, and can not be expected.
const crossingsKept = 10_000

// A tap is the relays before a stage's servers, and what they have seen.
type tap struct {
	started time.Time
	relays  []*wire.Relay // the latest server's is the last

	mu    sync.Mutex
	conns int    // clients of all relays
	seen  []seen // what no step has been about yet
}

type seen struct {
	conn int
	line string
}

func (t *tap) close() {
	for _, relay := range t.relays {
		relay.Close()
	}
}

// open notes that a server listens on addr, and puts a relay before it when
// somebody looks at the wire. A relay knows no unix sockets, and nothing but
// loopback; then clients go to the server itself.
func (s *Stage) open(addr string, server *program) error {
	before := s.before
	s.server, s.before, server.addr = strings.TrimPrefix(s.step.Text, listening), nil, addr
	host, port, err := net.SplitHostPort(addr)
	if s.view.Wire == nil || err != nil || !net.ParseIP(host).IsLoopback() {
		return nil
	}
	numbers := map[int]int{} // on this stage, by the relay's own
	relay, err := wire.Listen(addr, before, func(e wire.Event) { s.crossed(numbers, e) })
	if err != nil {
		return fmt.Errorf("putting a relay before %s: %w", addr, err)
	}
	s.wire.relays = append(s.wire.relays, relay)
	server.relay = relay
	s.names.doors[port] = portOf(relay.Addr())
	server.atEnd(relay.CloseListener) // so that who comes then is refused, as without a relay
	return nil
}

// crossed is called by a relay, one event at a time. It gives clients their
// numbers in the order in which something is told of them.
func (s *Stage) crossed(numbers map[int]int, e wire.Event) {
	s.wire.mu.Lock()
	if numbers[e.Conn] == 0 {
		s.wire.conns++
		numbers[e.Conn] = s.wire.conns
	}
	e.Conn = numbers[e.Conn]
	e.At = time.Since(s.wire.started)
	if len(s.wire.seen) < crossingsKept {
		s.wire.seen = append(s.wire.seen, seen{e.Conn, e.String()})
	}
	s.wire.mu.Unlock()
	s.view.Wire(e)
	select {
	case s.changed <- struct{}{}:
	default: // one is waiting already
	}
}

// doWire waits for a crossing, or makes the fault that is typed.
func (s *Stage) doWire(ctx context.Context) error {
	switch s.step.Action {
	case course.Type:
		if len(s.wire.relays) == 0 {
			return s.drift("there is no wire before a server listens")
		}
		do, err := fault(s.wire.relays[len(s.wire.relays)-1], s.step.Text)
		if err != nil {
			return s.drift("%v", err)
		}
		s.show(s.step) // before it has effects
		do()
	case course.Print:
		if len(s.wire.relays) == 0 {
			return s.drift("there is no wire before a server listens")
		}
		var missed []string
		err := s.await(ctx, func() bool {
			var came bool
			came, missed = s.wire.find(func(line string) bool { return s.names.matches(s.step.Text, line) })
			return came
		})
		if errors.Is(err, errLate) {
			return s.drift("expected %q on the wire, there was %q%s", s.step.Text, missed, s.elsewhere())
		}
		return err
	default:
		return s.drift("the wire is no terminal")
	}
	return nil
}

// find looks for the first line that is so, and drops it and those before it of
// the same client. When there is none it returns all.
func (t *tap) find(so func(string) bool) (came bool, all []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, found := range t.seen {
		if so(found.line) {
			before := slices.DeleteFunc(slices.Clone(t.seen[:i]), func(s seen) bool { return s.conn == found.conn })
			t.seen = append(before, t.seen[i+1:]...)
			return true, nil
		}
		all = append(all, found.line)
	}
	return false, all
}

// faults are what can be told to the wire. SIDE is client or server.
var faults = regexp.MustCompile(`^(?:(lose|cut|finish) (client|server)(?: (\d{1,9}))?|reset)$`)

// fault returns what makes happen on the wire what the command says.
//
//	reset          every connection is broken off
//	finish SIDE    a FIN on every connection, as if that side had sent it
//	finish SIDE N  the same on the next that carries more than N bytes from there
//	cut SIDE N     an RST on the next that carries more than N bytes from there
//	lose SIDE N    the next N datagrams of that side get lost
//
// Bytes count from now on. Where no TCP connection is open, reset and finish SIDE
// are errors.
func fault(relay *wire.Relay, command string) (do func(), err error) {
	m := faults.FindStringSubmatch(command)
	if m == nil || (m[1] == "lose" || m[1] == "cut") && m[3] == "" {
		return nil, fmt.Errorf("the wire knows reset, finish SIDE, finish SIDE N, cut SIDE N and lose SIDE N, with client or server for SIDE; it was told %q", command)
	}
	from := wire.Client
	if m[2] == wire.Server.String() {
		from = wire.Server
	}
	n, _ := strconv.ParseInt(m[3], 10, 64) // nine digits at most, or none
	switch {
	case m[1] == "lose":
		return func() { relay.Lose(from, int(n)) }, nil
	case m[1] == "cut":
		return func() { relay.CutAfter(from, n, wire.RST) }, nil
	case m[3] != "":
		return func() { relay.CutAfter(from, n, wire.FIN) }, nil
	case relay.Open() == 0:
		return nil, errors.New("no TCP connection is open")
	case m[1] == "finish":
		return func() { relay.CloseWrite(from) }, nil
	}
	return relay.Reset, nil
}
