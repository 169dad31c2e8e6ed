// Connects to a server and shows both ends of the connection. It does not say
// what to do when there is no server.
package main

import (
	"fmt"
	"log"
	"net"
	"os"
)

func main() {
	log.SetFlags(0)
	addr := "127.0.0.1:8081"
	if len(os.Args) > 1 {
		addr = os.Args[1]
	}
	conn, err := net.Dial("tcp", addr) // socket, connect
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("local address:", conn.LocalAddr())
	fmt.Println("remote address:", conn.RemoteAddr())
	fmt.Printf("%T\n", conn.LocalAddr())
	conn.Close()
}
