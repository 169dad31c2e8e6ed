// Command client sends the commands its person types, and shows the answers.
package main

import (
	"flag"
	"net"
	"os"
	"time"

	remote "example.com/gosockets/lesson04-exec"
	"example.com/gosockets/lesson04-exec/internal/command"
)

func main() {
	flags := flag.NewFlagSet("client", flag.ContinueOnError)
	network := flags.String("network", "tcp", "the `NETWORK` to use: tcp, tcp4, tcp6 or unix")
	addr := flags.String("addr", "", "connect to `HOST:PORT`, or to a path with -network unix (default 127.0.0.1:8081)")
	encoding := flags.String("encoding", "utf-8", "take answers for this `ENCODING`: utf-8, gbk or gb18030")
	raw := flags.Bool("raw", false, "show control characters as they are, which lets the server steer your terminal")
	timeout := command.Positive(flags, "timeout", 15*time.Second, "wait no longer than this `DURATION` for an answer")
	command.Parse(flags)
	if err := run(remote.Client{Raw: *raw, Timeout: *timeout}, *network, *addr, *encoding); err != nil {
		command.Fail(flags, err)
	}
}

func run(client remote.Client, network, addr, encoding string) error {
	addr, err := remote.Choose(network, addr)
	if err != nil {
		return command.Usagef("%v", err)
	}
	if client.Encoding, err = remote.EncodingByName(encoding); err != nil {
		return command.Usagef("%v", err)
	}
	conn, err := net.DialTimeout(network, addr, client.Timeout) // socket, connect
	if err != nil {
		return err
	}
	command.CloseOnInterrupt(conn)
	return client.Talk(conn, command.Stdin(), os.Stdout)
}
