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
	var late net.Error
	has := func(name string) bool { return flags.Lookup(name) != nil }
	paths := has("network") // an address can be a unix socket's path
	switch {
	case errors.As(err, &lookup):
		return "check the spelling, or use an IP address and a port number"
	case errors.As(err, &address) && paths:
		return "an address is HOST:PORT with a port from 0 to 65535, like 127.0.0.1:8081 or, for tcp6, [::1]:8081"
	case errors.As(err, &address):
		return "an address is HOST:PORT with a port from 0 to 65535, like 127.0.0.1:8081"
	case errors.Is(err, errAddrInUse) && paths:
		return "another program has this address, or a file is in the way of a unix socket: stop it, remove it, or choose another with -addr"
	case errors.Is(err, errAddrInUse):
		return "another program has this address: stop it, or choose another with -addr"
	case errors.Is(err, errAddrNotAvail):
		return "this machine does not have that address: choose one of its own, like 127.0.0.1"
	case errors.Is(err, syscall.EINVAL) && paths:
		return "a unix path that long has no room in an address: choose a shorter one"
	case errors.Is(err, os.ErrPermission) && paths:
		return "choose a port from 1024 up, or a path you may write to"
	case errors.Is(err, os.ErrPermission):
		return "choose a port from 1024 up"
	case errors.Is(err, errConnRefused):
		return "nobody listens there: start the server first, or give its address with -addr"
	case errors.Is(err, errConnReset), errors.Is(err, errConnAborted):
		return "the other side broke the connection off: look at its last lines"
	case errors.Is(err, os.ErrDeadlineExceeded) && has("retries"):
		return "nobody listens there, or a datagram was lost: -timeout and -retries set how long to try"
	case errors.As(err, &late) && late.Timeout() && has("timeout"): // not every one is os.ErrDeadlineExceeded
		return "-timeout sets how long to wait; perhaps the other side is waiting too"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the other side has closed the connection: look at its last lines"
	case errors.Is(err, os.ErrNotExist) && paths:
		return "there is no such path: start the server first, or give its path with -addr"
	}
	return ""
}
