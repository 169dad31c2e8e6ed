// Command server runs the commands of its clients until Ctrl-C.
package main

import (
	"cmp"
	"errors"
	"flag"
	"os"
	"time"

	remote "example.com/gosockets/lesson04-exec"
	"example.com/gosockets/lesson04-exec/internal/command"
)

func main() {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	network := command.OneOf(flags, "network", "the `NETWORK` to use: tcp, tcp4, tcp6 or unix", "tcp", "tcp4", "tcp6", "unix")
	addr := flags.String("addr", "", "listen on `HOST:PORT` on loopback, or on a path with -network unix (default 127.0.0.1:8081)")
	dir := flags.String("dir", ".", "run commands in this `DIRECTORY`")
	timeout := command.Positive(flags, "timeout", 10*time.Second, "stop a command that runs longer than this `DURATION`")
	maxOutput := command.Between(flags, "max-output", 1<<20, 1, 1<<30, "cut an answer after `N` bytes")
	idleTimeout := command.Positive(flags, "idle-timeout", 5*time.Minute, "drop a client that is silent for this `DURATION`")
	maxClients := command.Between(flags, "max-clients", 16, 1, 1_000_000, "serve no more than `N` clients at once; the next one waits")
	command.Parse(flags)
	if *network == "unix" && *addr == "" {
		command.Fail(flags, command.Usagef("a unix socket has a path for an address: give one with -addr"))
	}
	if _, err := os.ReadDir(*dir); err != nil {
		command.Fail(flags, command.Usagef("-dir: %v", err))
	}

	if err := hideSecrets(); err != nil {
		command.Fail(flags, err)
	}
	server := remote.Server{
		Dir: *dir, Timeout: *timeout, MaxOutput: *maxOutput,
		IdleTimeout: *idleTimeout, MaxClients: *maxClients, Log: os.Stdout,
	}
	ctx, stop := command.Serving()
	defer stop()
	err := server.ListenAndServe(ctx, *network, cmp.Or(*addr, "127.0.0.1:8081"))
	if errors.Is(err, remote.ErrNotLoopback) || errors.Is(err, remote.ErrNotAPath) {
		err = command.Usagef("%v", err)
	}
	if err != nil {
		command.Fail(flags, err)
	}
}
