package basictcp_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"time"

	basictcp "example.com/gosockets/lesson01-basic-tcp"
)

// A server and a client in one program: one exchange, and good-bye.
func Example() {
	upper := basictcp.Exchanges["upper"]
	ln, err := net.Listen("tcp", "127.0.0.1:0") // socket, bind, listen
	if err != nil {
		fmt.Println(err)
		return
	}
	go basictcp.Serve(ln, upper, time.Minute, nil, io.Discard) // the client sees it when this fails

	conn, err := net.Dial("tcp", ln.Addr().String()) // socket, connect
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()
	if err := upper.Client(conn, nil, os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// sent "hello"
	// received "HELLO"
}
