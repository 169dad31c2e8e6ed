// Command client sends messages, in one framing or another.
package main

import (
	"flag"
	"time"

	sticky "example.com/gosockets/lesson05-sticky-packets"
	"example.com/gosockets/lesson05-sticky-packets/internal/command"
)

func main() {
	flags := flag.NewFlagSet("client", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8080", "connect to `HOST:PORT`")
	exchange := command.OneOf(flags, "exchange", "hold this `EXCHANGE`: show or count", "show", "count")
	framing := command.OneOf(flags, "framing", "the `FRAMING` of messages: header, prefix, line or fixed",
		"header", "prefix", "line", "fixed")
	timeout := command.Positive(flags, "timeout", 5*time.Second, "wait no longer than this `DURATION` for an answer")
	command.Parse(flags)

	client := sticky.Client{Framing: *framing, Timeout: *timeout}
	conn, err := client.Dial(*addr)
	if err != nil {
		command.Fail(flags, err)
	}
	command.CloseOnInterrupt(conn)
	if *exchange == "show" {
		err = client.Show(conn, command.Stdout(flags))
	} else {
		err = client.Count(conn, command.Stdin(), command.Stdout(flags))
	}
	if err != nil {
		command.Fail(flags, err)
	}
}
