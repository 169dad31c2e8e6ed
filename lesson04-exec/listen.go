package remote

import (
	"cmp"
	"errors"
	"fmt"
	"net"
)

// ErrNotLoopback is why Listen refuses an address that other machines can reach.
var ErrNotLoopback = errors.New("other machines could run commands there: " +
	"listen on 127.0.0.1, and come from elsewhere through an ssh tunnel (ssh -L 8081:127.0.0.1:8081 HOST)")

// Choose returns the address to use with network: addr or, where it is empty,
// the original's.
func Choose(network, addr string) (string, error) {
	switch network {
	case "tcp", "tcp4", "tcp6", "unix":
	default:
		return "", fmt.Errorf("unknown network %q: choose tcp, tcp4, tcp6 or unix", network)
	}
	if addr == "" && network == "unix" {
		return "", errors.New("a unix socket has a path for an address: give one with -addr")
	}
	return cmp.Or(addr, "127.0.0.1:8081"), nil
}

// Listen listens where only this machine can reach it: on a loopback address
// (network tcp, tcp4 or tcp6), or on a path (unix) that only its owner may open.
// It refuses everything else with an error that wraps ErrNotLoopback.
func Listen(network, addr string) (net.Listener, error) {
	if network == "unix" {
		return listenPrivately(addr)
	}
	resolved, err := net.ResolveTCPAddr(network, addr)
	if err != nil {
		return nil, err
	}
	if !resolved.IP.IsLoopback() {
		return nil, fmt.Errorf("not listening on %s: %w", addr, ErrNotLoopback)
	}
	return net.ListenTCP(network, resolved)
}
