package transfer_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"

	transfer "example.com/gosockets/lesson06-file-transfer"
)

// A server, a client that fetches one file, and a graceful stop.
func ExampleServer() {
	dir, err := os.MkdirTemp("", "download")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	share, err := os.OpenRoot("share")
	if err != nil {
		panic(err)
	}
	defer share.Close()
	download, err := os.OpenRoot(dir)
	if err != nil {
		panic(err)
	}
	defer download.Close()

	ctx, stop := context.WithCancel(context.Background())
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server := transfer.Server{Root: share}
	served := make(chan error)
	go func() { served <- server.Serve(ctx, ln) }()

	client := transfer.Client{Root: download}
	conn, err := client.Dial(ln.Addr().String())
	if err != nil {
		panic(err)
	}
	fmt.Println("talked:", client.Talk(conn, strings.NewReader("get hello.txt"), withoutPorts{}))
	content, _ := download.ReadFile("hello.txt") // an error shows as no content
	fmt.Printf("%s", content)

	stop()
	fmt.Println("served:", <-served)
	// Output:
	// "hello.txt": 32 bytes, md5 is right
	// talked: <nil>
	// hello from the shared directory
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
