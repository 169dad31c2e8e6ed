// Command server answers datagrams until Ctrl-C.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	udp "example.com/gosockets/lesson03-udp"
	"example.com/gosockets/lesson03-udp/internal/command"
)

func main() {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8080", "receive on `HOST:PORT`, which may be a multicast group or 127.255.255.255")
	command.Parse(flags)
	if err := run(*addr); err != nil {
		command.Fail(flags, err)
	}
}

func run(addr string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	local, err := udp.Resolve(addr)
	if err != nil {
		return err
	}
	conn, err := udp.Listen(local) // socket, bind
	if err != nil {
		return err
	}
	fmt.Println("listening on", conn.LocalAddr())
	server := udp.Server{Log: os.Stdout}
	return server.Serve(ctx, conn)
}
