package loops_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"

	loops "example.com/gosockets/lesson02-loops"
)

// A server, one client with two lines to send, and a graceful stop.
func ExampleServer() {
	ctx, stop := context.WithCancel(context.Background())
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	served := make(chan error)
	go func() { served <- new(loops.Server).Serve(ctx, ln) }()

	conn, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		panic(err)
	}
	lines := strings.NewReader("hello\nbye\n")
	err = new(loops.Client).Talk(conn, lines, withoutPorts{})
	fmt.Println("talked:", err)

	stop()
	fmt.Println("served:", <-served)
	// Output:
	// received "HELLO"
	// received "BYE"
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
