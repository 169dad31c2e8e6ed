// Command client sends what its person types, a datagram for each line, and
// shows the answers.
package main

import (
	"flag"
	"os"
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
	retries := flags.Int("retries", 2, "send `N` times more what is not answered, at most 10")
	command.Parse(flags)
	client := udp.Client{Connect: *connect, Broadcast: *broadcast, Timeout: *timeout, Retries: *retries}
	if err := run(client, *addr); err != nil {
		command.Fail(flags, err)
	}
}

func run(client udp.Client, addr string) error {
	if client.Retries < 0 || client.Retries > 10 {
		return command.Usagef("-retries must be from 0 to 10")
	}
	if client.Connect && client.Broadcast {
		return command.Usagef("-connect hears one server alone, -broadcast hears everyone: choose one")
	}
	server, err := udp.Resolve(addr)
	if err != nil {
		return err
	}
	command.CloseOnInterrupt() // the kernel closes the socket of the try that is under way
	return client.Talk(server, command.Stdin(), os.Stdout)
}
