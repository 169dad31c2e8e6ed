// Command client sends what its person types, a line at a time, and shows the
// answers.
package main

import (
	"flag"
	"time"

	loops "example.com/gosockets/lesson02-loops"
	"example.com/gosockets/lesson02-loops/internal/command"
)

func main() {
	flags := flag.NewFlagSet("client", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8081", "connect to `HOST:PORT`")
	sendEmpty := flags.Bool("send-empty", false, "send empty lines too, to see that nothing comes of them")
	halfClose := flags.Bool("half-close", false, "send all lines, close the sending half, and only then expect the last answer")
	timeout := command.Positive(flags, "timeout", 5*time.Second, "wait no longer than this `DURATION` for an answer")
	command.Parse(flags)

	client := loops.Client{SendEmpty: *sendEmpty, Timeout: *timeout}
	conn, err := client.Dial(*addr)
	if err != nil {
		command.Fail(flags, err)
	}
	command.CloseOnInterrupt(conn)
	talk := client.Talk
	if *halfClose {
		talk = client.Pour
	}
	if err := talk(conn, command.Stdin(), command.Stdout(flags)); err != nil {
		command.Fail(flags, err)
	}
}
