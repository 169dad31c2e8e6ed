package command

import (
	"errors"
	"flag"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Explain returns err in one line, with what a person can do about it. It speaks
// of the flags that the program has, and of no others.
func Explain(err error, flags *flag.FlagSet) string {
	line := strings.Map(func(r rune) rune { // a name can hold anything
		if strconv.IsPrint(r) {
			return r
		}
		return ' '
	}, err.Error())
	if advice := advise(err, flags); advice != "" {
		line += "; " + advice
	}
	return line
}

func advise(err error, flags *flag.FlagSet) string {
	var lookup *net.DNSError
	var address *net.AddrError
	has := func(name string) bool { return flags.Lookup(name) != nil }
	path := has("network") && flags.Lookup("network").Value.String() == "unix" // the address is a socket's path
	switch {
	case errors.As(err, &lookup) && lookup.IsNotFound:
		return "check the spelling, or use an IP address and a port number"
	case errors.As(err, &lookup):
		return "nobody could be asked for that name's address: use an IP address"
	case errors.As(err, &address) && has("network"):
		return "an address is HOST:PORT with a port from 0 to 65535, like 127.0.0.1:8081 or, for tcp6, [::1]:8081"
	case errors.As(err, &address):
		return "an address is HOST:PORT with a port from 0 to 65535, like 127.0.0.1:8081"
	case during(err, "bind"), during(err, "listen"):
		return adviseListening(err, path)
	case errors.Is(err, errConnRefused): // by a connect, or by a read of what UDP brings back
		return "nobody listens there: start the server first, or give its address with -addr"
	case during(err, "connect"):
		return adviseConnecting(err, path)
	case errors.Is(err, errConnReset), errors.Is(err, errConnAborted), errors.Is(err, syscall.EPIPE) && during(err, "write"):
		return "the other side broke the connection off: look at its last lines"
	case errors.Is(err, os.ErrDeadlineExceeded) && has("retries"):
		return "nobody listens there, or a datagram was lost: -timeout and -retries set how long to try"
	case ranOut(err) && has("timeout") && dialing(err):
		return "nothing answered there: check the address and the firewall, or wait longer with -timeout"
	case ranOut(err) && has("timeout"):
		return "-timeout sets how long to wait; perhaps the other side is waiting too"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the other side has closed the connection: look at its last lines"
	}
	return ""
}

func adviseListening(err error, path bool) string {
	switch {
	case errors.Is(err, errAddrInUse) && path:
		return "another program has this address, or a file is in the way: stop it, remove it, or choose another with -addr"
	case errors.Is(err, errAddrInUse) && anyPort(err):
		return "every port is taken: end what holds so many"
	case errors.Is(err, errAddrInUse):
		return "another program has this address: stop it (TROUBLE.md says how to find it), or choose another with -addr"
	case errors.Is(err, errAddrNotAvail):
		return "this machine does not have that address: choose one of its own, like 127.0.0.1"
	case errors.Is(err, os.ErrPermission) && path:
		return "choose a path where you may write"
	case errors.Is(err, os.ErrPermission):
		return "choose a port from 1024 up"
	case errors.Is(err, os.ErrNotExist) && path:
		return "there is no such folder: make it first, or choose another path with -addr"
	case errors.Is(err, syscall.EINVAL):
		return invalid(path)
	}
	return ""
}

func adviseConnecting(err error, path bool) string {
	switch {
	case errors.Is(err, errAddrNotAvail), errors.Is(err, errAddrInUse):
		return "nothing leads there from this machine: choose another address or, if every port is taken, wait a minute"
	case errors.Is(err, os.ErrPermission) && path:
		return "only who may write to that path can connect"
	case errors.Is(err, os.ErrNotExist) && path:
		return "there is no such path: start the server first, or give its path with -addr"
	case errors.Is(err, errTimedOut):
		return "nothing answered there: check the address and the firewall"
	case errors.Is(err, syscall.EINVAL):
		return invalid(path)
	}
	return ""
}

func invalid(path bool) string {
	if path {
		return "a unix path that long has no room in an address: choose a shorter one"
	}
	return "a link-local address goes with an interface of this machine, like [fe80::1%eth0]:8081"
}

// during reports whether it is that system call that failed. On Windows its name
// may be longer.
func during(err error, call string) bool {
	var failed *os.SyscallError
	return errors.As(err, &failed) && strings.HasPrefix(failed.Syscall, call)
}

// dialing reports whether a connection was being made.
func dialing(err error) bool {
	var failed *net.OpError
	return errors.As(err, &failed) && failed.Op == "dial"
}

// anyPort reports whether the kernel was to choose the port.
func anyPort(err error) bool {
	var failed *net.OpError
	return errors.As(err, &failed) && failed.Addr != nil && strings.HasSuffix(failed.Addr.String(), ":0")
}

// ranOut reports whether time that the program had set has run out: the kernel's
// own bounds have a number.
func ranOut(err error) bool {
	var late net.Error
	var number syscall.Errno
	return errors.As(err, &late) && late.Timeout() && !errors.As(err, &number)
}
