// Command client sends messages, in one framing or another.
package main

import (
	"flag"
	"net"
	"os"
	"time"

	sticky "example.com/gosockets/lesson05-sticky-packets"
	"example.com/gosockets/lesson05-sticky-packets/internal/command"
)

func main() {
	flags := flag.NewFlagSet("client", flag.ContinueOnError)
	name := flags.String("exchange", "show", "the `EXCHANGE` to hold: show or count")
	framing := flags.String("framing", "none", "the `FRAMING` of messages: none, header, prefix, line or fixed")
	addr := flags.String("addr", "127.0.0.1:8080", "connect to `HOST:PORT`")
	timeout := command.Positive(flags, "timeout", 5*time.Second, "wait no longer than this `DURATION` for an answer")
	command.Parse(flags)
	if err := run(sticky.Client{Framing: *framing, Timeout: *timeout}, *name, *addr); err != nil {
		command.Fail(flags, err)
	}
}

func run(client sticky.Client, name, addr string) error {
	if err := sticky.Check(name, client.Framing); err != nil {
		return command.Usagef("%v", err)
	}
	conn, err := net.DialTimeout("tcp", addr, client.Timeout) // socket, connect
	if err != nil {
		return err
	}
	command.CloseOnInterrupt(conn)
	if name == "count" {
		return client.Count(conn, command.Stdin(), os.Stdout)
	}
	if client.Framing != "none" {
		return client.Show(conn, nil, os.Stdout)
	}
	beside, err := net.Dial("udp", conn.RemoteAddr().String())
	if err != nil {
		return err
	}
	defer beside.Close()
	return client.Show(conn, beside, os.Stdout)
}
