// Command client sends what its person types, a datagram for each line, and
// shows the answers.
package main

import (
	"flag"
	"time"

	udp "example.com/gosockets/lesson03-udp"
	"example.com/gosockets/lesson03-udp/internal/command"
)

func main() {
	flags := flag.NewFlagSet("client", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8080", "send to `HOST:PORT`")
	connect := flags.Bool("connect", false, "connect the socket, so that it hears when nobody is there")
	broadcast := flags.Bool("broadcast", false, "take answers from everyone, until -timeout")
	timeout := command.Positive(flags, "timeout", time.Second, "wait for an answer for this `DURATION`, doubled with each retry")
	retries := command.Between(flags, "retries", 2, 0, 10, "send `N` times more what is not answered, at most 10")
	command.Parse(flags)
	if *connect && *broadcast {
		command.Fail(flags, command.Usagef("-connect hears one server alone, -broadcast hears everyone: choose one"))
	}

	client := udp.Client{Connect: *connect, Broadcast: *broadcast, Timeout: *timeout, Retries: *retries}
	command.CloseOnInterrupt() // the kernel closes the socket of the try that is under way
	if err := client.Talk(*addr, command.Stdin(), command.Stdout(flags)); err != nil {
		command.Fail(flags, err)
	}
}
