// Command server answers datagrams until Ctrl-C.
package main

import (
	"flag"
	"os"

	udp "example.com/gosockets/lesson03-udp"
	"example.com/gosockets/lesson03-udp/internal/command"
)

func main() {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8080", "receive on `HOST:PORT`, which may be a multicast group or 127.255.255.255")
	command.Parse(flags)

	server := udp.Server{Log: os.Stdout}
	ctx, stop := command.Serving()
	defer stop()
	if err := server.ListenAndServe(ctx, *addr); err != nil {
		command.Fail(flags, err)
	}
}
