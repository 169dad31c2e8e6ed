// Listens first and speaks second. It waits for ever for a server that does not
// speak first, and does not say what to do when it fails.
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
	conn, err := net.Dial("tcp", addr) // socket, connect
	if err != nil {
		log.Fatal(err)
	}
	data := make([]byte, 512)
	n, err := conn.Read(data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("the data received is %q\n", data[:n])
	if _, err := conn.Write([]byte("hihi")); err != nil {
		log.Fatal(err)
	}
	conn.Close()
}
