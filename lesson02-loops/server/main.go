// Command server talks to one client after the other, or to many at once,
// until Ctrl-C.
package main

import (
	"flag"
	"os"
	"time"

	loops "example.com/gosockets/lesson02-loops"
	"example.com/gosockets/lesson02-loops/internal/command"
)

func main() {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8081", "listen on `HOST:PORT`")
	concurrent := flags.Bool("concurrent", false, "serve all clients at once, each in a goroutine of its own")
	maxClients := command.Between(flags, "max-clients", 1000, 1, 1_000_000, "serve no more than `N` clients at once with -concurrent; the next one waits")
	idleTimeout := command.Positive(flags, "idle-timeout", 5*time.Minute, "drop a client that is silent for this `DURATION`")
	command.Parse(flags)

	server := loops.Server{Concurrent: *concurrent, MaxClients: *maxClients, IdleTimeout: *idleTimeout, Log: os.Stdout}
	ctx, stop := command.Serving()
	defer stop()
	if err := server.ListenAndServe(ctx, *addr); err != nil {
		command.Fail(flags, err)
	}
}
