// Command server shares the files of one directory until Ctrl-C.
package main

import (
	"flag"
	"os"
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
	maxClients := command.Between(flags, "max-clients", 1000, 1, 1_000_000, "serve no more than `N` clients at once; the next one waits")
	md5 := flags.Bool("md5", true, "announce the md5 of each file; with -md5=false no file waits for it, and nothing is checked")
	command.Parse(flags)
	root, err := os.OpenRoot(*dir)
	if err != nil {
		command.Fail(flags, command.Usagef("-dir: %v", err))
	}

	server := transfer.Server{Root: root, IdleTimeout: *idleTimeout, Timeout: *timeout, MaxClients: *maxClients, NoMD5: !*md5, Log: os.Stdout}
	ctx, stop := command.Serving()
	defer stop()
	if err := server.ListenAndServe(ctx, *addr); err != nil {
		command.Fail(flags, err)
	}
}
