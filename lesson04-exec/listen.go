package remote

import (
	"errors"
	"fmt"
	"net"
)

// ErrNotLoopback is why a server does not listen on an address that other
// machines can reach.
var ErrNotLoopback = errors.New("other machines could run commands there: " +
	"listen on 127.0.0.1, and come from elsewhere through an ssh tunnel (ssh -L 8081:127.0.0.1:8081 HOST)")

// ErrNotAPath is why a server does not listen on a unix socket without a file: it
// is the file's mode that keeps other users out.
var ErrNotAPath = errors.New("other users could run commands there: a unix socket that only you can open needs a path, like ./name")

// onlyHere returns addr with its name looked up, so that what is listened on is
// what has been looked at.
func onlyHere(network, addr string) (string, error) {
	if network == "unix" {
		if addr == "" || addr[0] == '@' || addr[0] == 0 { // an abstract name on Linux, which is no file's; on macOS a file, which ./@name names too
			return "", fmt.Errorf("not listening on %q: %w", addr, ErrNotAPath)
		}
		return addr, nil
	}
	resolved, err := net.ResolveTCPAddr(network, addr)
	if err != nil {
		return "", err
	}
	if !resolved.IP.IsLoopback() {
		return "", fmt.Errorf("not listening on %s: %w", addr, ErrNotLoopback)
	}
	return resolved.String(), nil
}
