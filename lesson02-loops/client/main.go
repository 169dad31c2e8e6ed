// Command client sends what its person types, a line at a time, and shows the
// answers.
package main

import (
	"flag"
	"net"
	"os"
	"time"

	loops "example.com/gosockets/lesson02-loops"
	"example.com/gosockets/lesson02-loops/internal/command"
)

func main() {
	flags := flag.NewFlagSet("client", flag.ContinueOnError)
	name := flags.String("exchange", "upper", "the `EXCHANGE` to hold: upper or greet")
	addr := flags.String("addr", "", "connect to `HOST:PORT` (default the original's)")
	two := flags.Bool("two", false, "greet over two connections at once, held by this one program")
	sendEmpty := flags.Bool("send-empty", false, "send empty lines too, to see that nothing comes of them")
	halfClose := flags.Bool("half-close", false, "send all lines, close the sending half, and only then expect the last answer")
	timeout := command.Positive(flags, "timeout", 5*time.Second, "wait no longer than this `DURATION` for an answer")
	command.Parse(flags)
	if err := run(loops.Client{SendEmpty: *sendEmpty, Timeout: *timeout}, *name, *addr, *two, *halfClose); err != nil {
		command.Fail(flags, err)
	}
}

func run(client loops.Client, name, addr string, two, halfClose bool) error {
	if two && name == "upper" {
		name = "greet"
	}
	addr, greet, err := loops.Choose(name, addr)
	if err != nil {
		return command.Usagef("%v", err)
	}
	dial := func() (net.Conn, error) { return net.DialTimeout("tcp", addr, client.Timeout) } // socket, connect
	switch {
	case two:
		return client.GreetTwice(dial, os.Stdout)
	case greet:
		return client.Greet(dial, os.Stdout)
	}
	conn, err := dial()
	if err != nil {
		return err
	}
	command.CloseOnInterrupt(conn)
	if halfClose {
		return client.Pour(conn, command.Stdin(), os.Stdout)
	}
	return client.Talk(conn, command.Stdin(), os.Stdout)
}
