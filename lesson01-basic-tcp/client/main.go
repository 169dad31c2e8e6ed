// Command client connects to a server, holds one exchange with it, and ends.
package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"time"

	basictcp "example.com/gosockets/lesson01-basic-tcp"
	"example.com/gosockets/lesson01-basic-tcp/internal/command"
)

func main() {
	flags := flag.NewFlagSet("client", flag.ContinueOnError)
	name := flags.String("exchange", "upper", "the `EXCHANGE` to hold: upper, hello, greet or ask")
	network := flags.String("network", "tcp", "the `NETWORK` to use: tcp, tcp4, tcp6 or unix")
	addr := flags.String("addr", "", "connect to `HOST:PORT`, or to a path with -network unix (default the original's)")
	timeout := command.Positive(flags, "timeout", 5*time.Minute, "wait no longer than this `DURATION` for the server, or for its next bytes")
	command.Parse(flags)
	if err := run(*name, *network, *addr, *timeout); err != nil {
		command.Fail(flags, err)
	}
}

func run(name, network, addr string, timeout time.Duration) error {
	exchange, addr, err := basictcp.Choose(name, network, addr)
	if err != nil {
		return command.Usagef("%v", err)
	}
	command.CloseOnInterrupt()                           // Ctrl-C ends the wait for the server too
	conn, err := net.DialTimeout(network, addr, timeout) // socket, connect
	if late := net.Error(nil); errors.As(err, &late) && late.Timeout() {
		err = fmt.Errorf("no connection within %v: %w", timeout, err)
	}
	if err != nil {
		return err
	}
	return basictcp.Call(conn, exchange, timeout, command.Stdin(), os.Stdout)
}
