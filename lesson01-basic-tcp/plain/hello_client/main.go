// Sends a greeting and receives one. It waits for ever for a server that does not
// answer, and does not say what to do when it fails.
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
	conn, err := net.Dial("tcp", addr) // socket, connect
	if err != nil {
		log.Fatal(err)
	}
	if _, err := conn.Write([]byte("Hello Server!")); err != nil {
		log.Fatal(err)
	}
	data := make([]byte, 1024)
	n, err := conn.Read(data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("received %q\n", data[:n])
	conn.Close()
}
