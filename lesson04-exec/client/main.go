// Command client sends the commands its person types, and shows the answers.
package main

import (
	"cmp"
	"flag"
	"time"

	remote "example.com/gosockets/lesson04-exec"
	"example.com/gosockets/lesson04-exec/internal/command"
)

func main() {
	flags := flag.NewFlagSet("client", flag.ContinueOnError)
	network := command.OneOf(flags, "network", "the `NETWORK` to use: tcp, tcp4, tcp6 or unix", "tcp", "tcp4", "tcp6", "unix")
	addr := flags.String("addr", "", "connect to `HOST:PORT`, or to a path with -network unix (default 127.0.0.1:8081)")
	encoding := command.OneOf(flags, "encoding", "take answers for this `ENCODING`: utf-8, gbk or gb18030", "utf-8", "gbk", "gb18030")
	raw := flags.Bool("raw", false, "show control characters as they are, which lets the server steer your terminal")
	timeout := command.Positive(flags, "timeout", 15*time.Second, "wait no longer than this `DURATION` for an answer")
	command.Parse(flags)
	if *network == "unix" && *addr == "" {
		command.Fail(flags, command.Usagef("a unix socket has a path for an address: give one with -addr"))
	}

	client := remote.Client{Encoding: remote.Encodings[*encoding], Raw: *raw, Timeout: *timeout}
	conn, err := client.Dial(*network, cmp.Or(*addr, "127.0.0.1:8081"))
	if err != nil {
		command.Fail(flags, err)
	}
	command.CloseOnInterrupt(conn)
	if err := client.Talk(conn, command.Stdin(), command.Stdout(flags)); err != nil {
		command.Fail(flags, err)
	}
}
