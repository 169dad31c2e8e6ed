package remote_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"

	remote "example.com/gosockets/lesson04-exec"
)

// A server, one client with two commands, and a graceful stop.
func ExampleServer() {
	ctx, stop := context.WithCancel(context.Background())
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	served := make(chan error)
	go func() { served <- new(remote.Server).Serve(ctx, ln) }()

	client := new(remote.Client)
	conn, err := client.Dial("tcp", ln.Addr().String())
	if err != nil {
		panic(err)
	}
	commands := strings.NewReader("echo hello\nexit 3\n")
	err = client.Talk(conn, commands, withoutPorts{})
	fmt.Println("talked:", err)

	stop()
	fmt.Println("served:", <-served)
	// Output:
	// hello
	// (no output, exit status 3)
	// talked: <nil>
	// served: <nil>
}

// withoutPorts shows all lines but those that differ from run to run.
type withoutPorts struct{}

func (withoutPorts) Write(line []byte) (int, error) {
	if strings.HasPrefix(string(line), "connected") {
		return len(line), nil
	}
	return os.Stdout.Write(line)
}
