// Command server receives messages, in one framing or another, until Ctrl-C.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	sticky "example.com/gosockets/lesson05-sticky-packets"
	"example.com/gosockets/lesson05-sticky-packets/internal/command"
)

func main() {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	name := flags.String("exchange", "show", "the `EXCHANGE` to hold: show or count")
	framing := flags.String("framing", "none", "the `FRAMING` of messages: none, header, prefix, line or fixed")
	addr := flags.String("addr", "127.0.0.1:8080", "listen on `HOST:PORT`")
	idleTimeout := command.Positive(flags, "idle-timeout", 5*time.Minute, "drop a client that is silent for this `DURATION`")
	maxClients := flags.Int("max-clients", 1000, "serve no more than `N` clients at once; the next one waits")
	command.Parse(flags)
	server := sticky.Server{Framing: *framing, IdleTimeout: *idleTimeout, MaxClients: *maxClients, Log: os.Stdout}
	if err := run(server, *name, *addr); err != nil {
		command.Fail(flags, err)
	}
}

func run(server sticky.Server, name, addr string) error {
	if err := sticky.Check(name, server.Framing); err != nil {
		return command.Usagef("%v", err)
	}
	if server.MaxClients < 1 {
		return command.Usagef("-max-clients must be at least 1")
	}
	server.Count = name == "count"
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ln, beside, err := sticky.Listen(addr)
	if err != nil {
		return err
	}
	defer beside.Close()
	if server.Framing == "none" && !server.Count {
		server.Beside = beside
	}
	fmt.Println("listening on", ln.Addr())
	return server.Serve(ctx, ln)
}
