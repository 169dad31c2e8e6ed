// Command client fetches files: those named on its command line, or those its
// person asks for at the prompt.
package main

import (
	"flag"
	"os"
	"time"

	transfer "example.com/gosockets/lesson06-file-transfer"
	"example.com/gosockets/lesson06-file-transfer/internal/command"
)

func main() {
	flags := flag.NewFlagSet("client", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:9901", "connect to `HOST:PORT`")
	dir := flags.String("dir", ".", "put files into this `DIRECTORY`; it is made if it is not there")
	force := flags.Bool("force", false, "replace files that are there already")
	resume := flags.Bool("resume", false, "go on from what is left of a broken transfer")
	timeout := command.Positive(flags, "timeout", time.Minute, "wait no longer than this `DURATION` for the server's next bytes")
	requests, err := transfer.Requests(command.ParseArgs(flags))
	if err != nil {
		command.Fail(flags, command.Usagef("%v", err))
	}
	if requests == nil {
		requests = command.Stdin()
	}
	root, err := openDir(*dir)
	if err != nil {
		command.Fail(flags, command.Usagef("-dir: %v", err))
	}

	client := transfer.Client{Root: root, Force: *force, Resume: *resume, Timeout: *timeout, Bar: command.OnTerminal(os.Stderr)}
	conn, err := client.Dial(*addr)
	if err != nil {
		command.Fail(flags, err)
	}
	err = command.Interruptible(conn, func() error { return client.Talk(conn, requests, command.Stdout(flags)) })
	if err != nil {
		command.Fail(flags, err)
	}
}

func openDir(dir string) (*os.Root, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	return os.OpenRoot(dir)
}
