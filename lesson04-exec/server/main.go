// Command server runs the commands of its clients until Ctrl-C.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	remote "example.com/gosockets/lesson04-exec"
	"example.com/gosockets/lesson04-exec/internal/command"
)

func main() {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	network := flags.String("network", "tcp", "the `NETWORK` to use: tcp, tcp4, tcp6 or unix")
	addr := flags.String("addr", "", "listen on `HOST:PORT` on loopback, or on a path with -network unix (default 127.0.0.1:8081)")
	dir := flags.String("dir", ".", "run commands in this `DIRECTORY`")
	timeout := command.Positive(flags, "timeout", 10*time.Second, "stop a command that runs longer than this `DURATION`")
	maxOutput := flags.Int("max-output", 1<<20, "cut an answer after `N` bytes")
	idleTimeout := command.Positive(flags, "idle-timeout", 5*time.Minute, "drop a client that is silent for this `DURATION`")
	maxClients := flags.Int("max-clients", 16, "serve no more than `N` clients at once; the next one waits")
	command.Parse(flags)
	server := remote.Server{
		Dir: *dir, Timeout: *timeout, MaxOutput: *maxOutput,
		IdleTimeout: *idleTimeout, MaxClients: *maxClients, Log: os.Stdout,
	}
	if err := run(server, *network, *addr); err != nil {
		command.Fail(flags, err)
	}
}

func run(server remote.Server, network, addr string) error {
	addr, err := remote.Choose(network, addr)
	if err != nil {
		return command.Usagef("%v", err)
	}
	if server.MaxOutput < 1 || server.MaxClients < 1 {
		return command.Usagef("-max-output and -max-clients must be at least 1")
	}
	if _, err := os.ReadDir(server.Dir); err != nil {
		return command.Usagef("-dir: %v", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ln, err := remote.Listen(network, addr) // socket, SO_REUSEADDR, bind, listen
	if errors.Is(err, remote.ErrNotLoopback) {
		return command.Usagef("%v", err)
	}
	if err != nil {
		return err
	}
	fmt.Println("listening on", ln.Addr())
	return server.Serve(ctx, ln)
}
