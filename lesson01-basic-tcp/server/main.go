// Command server waits for one client, answers one message, and ends.
package main

import (
	"cmp"
	"flag"
	"os"
	"time"

	basictcp "example.com/gosockets/lesson01-basic-tcp"
	"example.com/gosockets/lesson01-basic-tcp/internal/command"
)

func main() {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	network := command.OneOf(flags, "network", "the `NETWORK` to use: tcp, tcp4, tcp6 or unix", "tcp", "tcp4", "tcp6", "unix")
	addr := flags.String("addr", "", "listen on `HOST:PORT`, or on a path with -network unix (default 127.0.0.1:8081)")
	timeout := command.Positive(flags, "timeout", 5*time.Minute, "give up a client that is not done after this `DURATION`")
	command.Parse(flags)
	if *network == "unix" && *addr == "" {
		command.Fail(flags, command.Usagef("a unix socket has a path for an address: give one with -addr"))
	}

	ln, err := basictcp.Listen(*network, cmp.Or(*addr, "127.0.0.1:8081"))
	if err != nil {
		command.Fail(flags, err)
	}
	command.OutliveReader()
	command.CloseOnInterrupt(ln) // which takes a unix socket's file away
	if err := basictcp.Serve(ln, *timeout, os.Stdout); err != nil {
		command.Fail(flags, err)
	}
}
