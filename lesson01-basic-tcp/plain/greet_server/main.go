// Accepts one client and speaks first. It waits for ever for a client that does
// not answer, and does not say what to do when it fails.
package main

import (
	"fmt"
	"log"
	"net"
	"os"
)

func main() {
	log.SetFlags(0)
	addr := "127.0.0.1:31500"
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
	fmt.Println("got connected from", conn.RemoteAddr())
	if _, err := conn.Write([]byte("byebye")); err != nil {
		log.Fatal(err)
	}
	data := make([]byte, 512)
	n, err := conn.Read(data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%q\n", data[:n])
	conn.Close()
	server.Close()
}
