// Command server waits for one client, holds one exchange with it, and ends.
package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"time"

	basictcp "example.com/gosockets/lesson01-basic-tcp"
	"example.com/gosockets/lesson01-basic-tcp/internal/command"
)

func main() {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	name := flags.String("exchange", "upper", "the `EXCHANGE` to hold: upper, hello, greet or ask")
	network := flags.String("network", "tcp", "the `NETWORK` to use: tcp, tcp4, tcp6 or unix")
	addr := flags.String("addr", "", "listen on `HOST:PORT`, or on a path with -network unix (default the original's)")
	timeout := command.Positive(flags, "timeout", 5*time.Minute, "wait no longer than this `DURATION` for a client, or for its next bytes")
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
	ln, err := net.Listen(network, addr) // socket, bind, listen
	if err != nil {
		return err
	}
	command.CloseOnInterrupt(ln)
	fmt.Println("listening on", ln.Addr())
	return basictcp.Serve(ln, exchange, timeout, command.Stdin(), os.Stdout)
}
