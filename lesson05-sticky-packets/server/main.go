// Command server receives messages, in one framing or another, until Ctrl-C.
package main

import (
	"flag"
	"os"
	"time"

	sticky "example.com/gosockets/lesson05-sticky-packets"
	"example.com/gosockets/lesson05-sticky-packets/internal/command"
)

func main() {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8080", "listen on `HOST:PORT`")
	exchange := command.OneOf(flags, "exchange", "hold this `EXCHANGE`: show or count", "show", "count")
	framing := command.OneOf(flags, "framing", "the `FRAMING` of messages: header, prefix, line or fixed",
		"header", "prefix", "line", "fixed")
	maxClients := command.Between(flags, "max-clients", 1000, 1, 1_000_000, "serve no more than `N` clients at once; the next one waits")
	idleTimeout := command.Positive(flags, "idle-timeout", 5*time.Minute, "drop a client that is silent for this `DURATION`")
	command.Parse(flags)

	server := sticky.Server{Framing: *framing, Count: *exchange == "count", MaxClients: *maxClients, IdleTimeout: *idleTimeout, Log: os.Stdout}
	ctx, stop := command.Serving()
	defer stop()
	if err := server.ListenAndServe(ctx, *addr); err != nil {
		command.Fail(flags, err)
	}
}
