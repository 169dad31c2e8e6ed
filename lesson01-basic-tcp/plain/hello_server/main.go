// Accepts one client, answers its message with a fixed one, and ends. It waits
// for ever for a client that says nothing, and does not say what to do when it fails.
package main

import (
	"fmt"
	"log"
	"net"
	"os"
)

func main() {
	log.SetFlags(0)
	addr := "127.0.0.1:12345"
	if len(os.Args) > 1 {
		addr = os.Args[1]
	}
	server, err := net.Listen("tcp", addr) // socket, bind, listen
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", server.Addr())
	conn, err := server.Accept()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("connection from", conn.RemoteAddr())
	data := make([]byte, 1024)
	n, err := conn.Read(data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("received %q\n", data[:n])
	if _, err := conn.Write([]byte("Hello,client!")); err != nil {
		log.Fatal(err)
	}
	conn.Close()
	server.Close()
}
