// Command server shares the files of one directory until Ctrl-C.
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

	transfer "example.com/gosockets/lesson06-file-transfer"
	"example.com/gosockets/lesson06-file-transfer/internal/command"
)

func main() {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:9901", "listen on `HOST:PORT`")
	dir := flags.String("dir", ".", "share the files below this `DIRECTORY`")
	idleTimeout := command.Positive(flags, "idle-timeout", 5*time.Minute, "drop a client that asks for nothing for this `DURATION`")
	timeout := command.Positive(flags, "timeout", 30*time.Second, "drop a client that takes nothing of its answer for this `DURATION`")
	maxClients := flags.Int("max-clients", 1000, "serve no more than `N` clients at once; the next one waits")
	md5 := flags.Bool("md5", true, "announce the md5 of each file; with -md5=false no file waits for it, and nothing is checked")
	command.Parse(flags)
	server := transfer.Server{IdleTimeout: *idleTimeout, Timeout: *timeout, MaxClients: *maxClients, NoMD5: !*md5, Log: os.Stdout}
	if err := run(&server, *addr, *dir); err != nil {
		command.Fail(flags, err)
	}
}

func run(server *transfer.Server, addr, dir string) error {
	if server.MaxClients < 1 {
		return command.Usagef("-max-clients must be at least 1")
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return command.Usagef("-dir: %v", err)
	}
	defer root.Close()
	server.Root = root
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ln, err := net.Listen("tcp", addr) // socket, SO_REUSEADDR, bind, listen
	if err != nil {
		return err
	}
	fmt.Println("listening on", ln.Addr())
	return server.Serve(ctx, ln)
}
