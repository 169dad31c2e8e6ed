package runner

import (
	"fmt"
	"maps"
	"net"
	"net/netip"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"example.com/gosockets/tour/wire"
)

// names translates between a transcript and what really runs: no port is fixed
// here, so that what the transcript calls 127.0.0.1:8081 has another number.
// Ports correspond one to one for as long as the transcript lasts. So do the
// paths of unix sockets.
type names struct {
	real  map[string]string // from the transcript's port to the real one
	shown map[string]string // and back
	doors map[string]string // from a server's real port to the relay's before it
	paths map[string]string // from the transcript's path to the real one
	temp  string            // where real paths are
	held  []*wire.Hold      // the ports where nobody listens
}

func newNames(temp string) *names {
	return &names{real: map[string]string{}, shown: map[string]string{}, doors: map[string]string{}, paths: map[string]string{}, temp: temp}
}

// close gives back the ports where nobody listens.
func (n *names) close() {
	for _, hold := range n.held {
		hold.Close()
	}
}

const hosts = `\d+\.\d+\.\d+\.\d+|\[[^\][]*:[^\][]*\]|localhost`

var (
	address = regexp.MustCompile(`^(-+[\w-]+=)?(?:((?:` + hosts + `|):)(\d+)|(.*\.sock))$`)
	// varies matches what is not the same in every run: the port of HOST:PORT, of
	// :PORT, and as Python shows it, ('HOST', PORT), and a duration that is marked
	// with a tilde.
	varies = regexp.MustCompile(`((?:` + hosts + `| ):|'[\d.]+', |'[0-9a-fA-F]*:[^']*', )(\d+)|~[\d.]+(?:ns|µs|us|ms|s|m|h)`)
)

const anyDuration = `~?(?:[\d.]+(?:ns|µs|us|ms|s|m|h))+`

// isAddress reports whether an argument, alone or as -flag=value, is one.
func isAddress(arg string) bool { return address.MatchString(arg) }

// forget makes the port of a server that has ended mean nothing any more: the
// system may give it to anybody. addr is the real address.
func (n *names) forget(addr string) {
	real := portOf(addr)
	delete(n.real, n.shown[real])
	delete(n.shown, real)
	delete(n.doors, real)
}

// argument translates an argument that is an address and returns any other as
// it is. An address where a server runs keeps its meaning. Any other becomes a
// port of the system's choice for a server, and for anything else a port where
// nobody listens. Ports that mean something as they are (0, or one too big to
// be a port) stay. Who goes to a server with a relay before it gets the relay's.
func (n *names) argument(arg string, server bool) (string, error) {
	m := address.FindStringSubmatch(arg)
	if m == nil {
		return arg, nil
	}
	flag, host, port, path := m[1], m[2], m[3], m[4]
	if path != "" {
		if n.paths[path] == "" {
			n.paths[path] = filepath.Join(n.temp, fmt.Sprintf("%d.sock", len(n.paths)+1))
		}
		return flag + n.paths[path], nil
	}
	if number, err := strconv.Atoi(port); err != nil || number < 1 || number > 65535 {
		return arg, nil
	}
	if server && n.isSilent(n.real[port]) {
		n.forget(host + n.real[port])
	}
	if n.real[port] == "" {
		if server {
			return flag + host + "0", nil // its first line will tell
		}
		silent, err := n.silent(host)
		if err != nil {
			return "", err
		}
		n.learn(port, silent)
	}
	if door := n.doors[n.real[port]]; door != "" && !server {
		return flag + host + door, nil
	}
	return flag + host + n.real[port], nil
}

// matches reports whether the line that came is the line of the transcript, and
// if it is remembers the ports it meets for the first time.
func (n *names) matches(shown, came string) bool {
	for path, real := range n.paths {
		shown = strings.ReplaceAll(shown, path, real)
	}
	var pattern strings.Builder
	var ports []string
	end := 0
	for _, at := range varies.FindAllStringSubmatchIndex(shown, -1) {
		pattern.WriteString(regexp.QuoteMeta(shown[end:at[0]]))
		if end = at[1]; at[2] < 0 {
			pattern.WriteString(anyDuration)
			continue
		}
		pattern.WriteString(regexp.QuoteMeta(shown[at[2]:at[3]]) + `(\d+)`)
		ports = append(ports, shown[at[4]:at[5]])
	}
	pattern.WriteString(regexp.QuoteMeta(shown[end:]))
	m := regexp.MustCompile(`^` + pattern.String() + `$`).FindStringSubmatch(came)
	if m == nil {
		return false
	}
	before := names{real: maps.Clone(n.real), shown: maps.Clone(n.shown)}
	for i, port := range ports {
		if !n.learn(port, m[i+1]) {
			n.real, n.shown = before.real, before.shown
			return false
		}
	}
	return true
}

// learn notes that the two ports are the same, and reports false when one of
// them is known to be another.
func (n *names) learn(shown, real string) bool {
	if n.real[shown] == "" && n.shown[real] == "" {
		n.real[shown], n.shown[real] = real, shown
	}
	return n.real[shown] == real
}

// translate puts the transcript's ports and paths into a line that came, for
// a reader who is to compare the two.
func (n *names) translate(came string) string {
	for path, real := range n.paths {
		came = strings.ReplaceAll(came, real, path)
	}
	return varies.ReplaceAllStringFunc(came, func(found string) string {
		m := varies.FindStringSubmatch(found)
		if known := n.shown[m[2]]; known != "" {
			return m[1] + known
		}
		return found
	})
}

// silent returns a port where nobody listens, for as long as the transcript lasts:
// one of host if that is a loopback address of this machine, and else of 127.0.0.1.
func (n *names) silent(host string) (port string, err error) {
	loopback := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	at, err := netip.ParseAddr(strings.Trim(host, "[]:"))
	if err != nil || !at.IsLoopback() {
		at = loopback
	}
	hold, err := wire.HoldPort(at)
	if err != nil && at != loopback {
		hold, err = wire.HoldPort(loopback)
	}
	if err != nil {
		return "", err
	}
	n.held = append(n.held, hold)
	return portOf(hold.Addr()), nil
}

func (n *names) isSilent(port string) bool {
	return slices.ContainsFunc(n.held, func(hold *wire.Hold) bool { return portOf(hold.Addr()) == port })
}

func portOf(addr string) string {
	_, port, _ := net.SplitHostPort(addr) // "" of what is none, such as a path
	return port
}
