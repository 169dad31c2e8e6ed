// Command services prints the ports of http, https and each service it is given
// the name of, as Python's getservbyname knows them.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"

	"example.com/gosockets/lesson01-basic-tcp/internal/command"
)

func main() {
	for _, name := range append([]string{"http", "https"}, os.Args[1:]...) {
		port, err := net.DefaultResolver.LookupPort(context.Background(), "tcp", name)
		if err != nil {
			command.Fail(flag.NewFlagSet("services", flag.ContinueOnError), err)
		}
		fmt.Println(name, port)
	}
}
