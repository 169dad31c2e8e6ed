package udp_test

import (
	"context"
	"fmt"
	"net"
	"time"

	udp "example.com/gosockets/lesson03-udp"
)

func Example() {
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}) // Python: socket, bind
	if err != nil {
		panic(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error)
	go func() { served <- (&udp.Server{}).Serve(ctx, conn) }()

	client, err := net.Dial("udp", conn.LocalAddr().String()) // Python: socket, connect
	if err != nil {
		panic(err)
	}
	defer client.Close()
	client.SetDeadline(time.Now().Add(5 * time.Second)) // Python: settimeout
	if _, err := client.Write([]byte("hello")); err != nil {
		panic(err)
	}
	buf := make([]byte, 1024)
	n, err := client.Read(buf)
	fmt.Printf("%s %v\n", buf[:n], err)

	stop()
	fmt.Println("server:", <-served)
	// Output:
	// HELLO <nil>
	// server: <nil>
}
