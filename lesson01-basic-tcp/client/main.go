// Command client sends a word to a server, shows the answer, and ends.
package main

import (
	"cmp"
	"flag"
	"time"

	basictcp "example.com/gosockets/lesson01-basic-tcp"
	"example.com/gosockets/lesson01-basic-tcp/internal/command"
)

func main() {
	flags := flag.NewFlagSet("client", flag.ContinueOnError)
	network := command.OneOf(flags, "network", "the `NETWORK` to use: tcp, tcp4, tcp6 or unix", "tcp", "tcp4", "tcp6", "unix")
	addr := flags.String("addr", "", "connect to `HOST:PORT`, or to a path with -network unix (default 127.0.0.1:8081)")
	timeout := command.Positive(flags, "timeout", 5*time.Second, "wait no longer than this `DURATION` for the answer")
	command.Parse(flags)
	if *network == "unix" && *addr == "" {
		command.Fail(flags, command.Usagef("a unix socket has a path for an address: give one with -addr"))
	}

	command.CloseOnInterrupt() // the kernel closes the connection
	if err := basictcp.Call(*network, cmp.Or(*addr, "127.0.0.1:8081"), *timeout, command.Stdout(flags)); err != nil {
		command.Fail(flags, err)
	}
}
