// Command server talks to one client after the other, or to many at once,
// until Ctrl-C.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	loops "example.com/gosockets/lesson02-loops"
	"example.com/gosockets/lesson02-loops/internal/command"
)

func main() {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	name := flags.String("exchange", "upper", "the `EXCHANGE` to hold: upper or greet")
	addr := flags.String("addr", "", "listen on `HOST:PORT` (default the original's)")
	concurrent := flags.Bool("concurrent", false, "serve all clients at once, each in a goroutine of its own")
	maxClients := flags.Int("max-clients", 1000, "serve no more than `N` clients at once with -concurrent; the next one waits")
	idleTimeout := command.Positive(flags, "idle-timeout", 5*time.Minute, "drop a client that is silent for this `DURATION`")
	command.Parse(flags)
	server := loops.Server{Concurrent: *concurrent, MaxClients: *maxClients, IdleTimeout: *idleTimeout, Log: os.Stdout}
	if err := run(server, *name, *addr); err != nil {
		command.Fail(flags, err)
	}
}

func run(server loops.Server, name, addr string) error {
	addr, greet, err := loops.Choose(name, addr)
	if err != nil {
		return command.Usagef("%v", err)
	}
	if server.MaxClients < 1 {
		return command.Usagef("-max-clients must be at least 1")
	}
	server.Greet = greet
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ln, err := net.Listen("tcp", addr) // socket, SO_REUSEADDR, bind, listen
	if err != nil {
		return err
	}
	fmt.Println("listening on", ln.Addr())
	return server.Serve(ctx, ln)
}
