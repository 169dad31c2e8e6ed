package command

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
)

// explain returns err in one line, with what a person can do about it.
func explain(err error) string {
	line := strings.ReplaceAll(err.Error(), "\n", " ") // a name typed with a line break in it
	if advice := advise(err); advice != "" {
		line += "; " + advice
	}
	return line
}

func advise(err error) string {
	var lookup *net.DNSError
	var address *net.AddrError
	var late net.Error
	switch {
	case errors.As(err, &lookup):
		return "check the spelling, or use an IP address and a port number"
	case errors.As(err, &address):
		return "an address is HOST:PORT with a port from 0 to 65535, like 127.0.0.1:8081 or, for tcp6, [::1]:8081"
	case errors.Is(err, errAddrInUse):
		return "somebody has this address, or had it less than a minute ago: wait, or choose another with -addr"
	case errors.Is(err, errAddrNotAvail):
		return "this machine does not have that address: choose one of its own, like 127.0.0.1"
	case errors.Is(err, syscall.EINVAL):
		return "a unix path that long has no room in an address: choose a shorter one"
	case errors.Is(err, os.ErrPermission):
		return "choose a port from 1024 up, or a path you may write to"
	case errors.Is(err, errConnRefused):
		return "nobody listens there: start the server first, or give its address with -addr"
	case errors.Is(err, errConnReset), errors.Is(err, errConnAborted):
		return "the other side broke the connection off: look at its last lines"
	case errors.As(err, &late) && late.Timeout(): // not every one is os.ErrDeadlineExceeded
		return "-timeout sets how long to wait; perhaps the other side is waiting too"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the other side has closed the connection: look at its last lines"
	case errors.Is(err, os.ErrNotExist):
		return "there is no such path: start the server first, or give its path with -addr"
	}
	return ""
}

// isUsage reports whether err lies in how the program was called.
func isUsage(err error) bool {
	var usage usageError
	var address *net.AddrError
	return errors.As(err, &usage) || errors.As(err, &address)
}
