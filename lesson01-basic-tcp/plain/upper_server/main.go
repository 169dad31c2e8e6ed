// Accepts one client, answers its message in capitals, and ends. It waits for
// ever for a client that says nothing, and does not say what to do when it fails.
package main

import (
	"fmt"
	"log"
	"net"
	"os"
	"strings"
)

var upper = strings.NewReplacer(strings.Split("aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZ", "")...) // ASCII only, as in Python

func main() {
	log.SetFlags(0)
	addr := "127.0.0.1:8081"
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
	fmt.Println("client address:", conn.RemoteAddr())
	data := make([]byte, 1024)
	n, err := conn.Read(data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("message from the client: %q\n", data[:n])
	answer := upper.Replace(string(data[:n]))
	if _, err := conn.Write([]byte(answer)); err != nil {
		log.Fatal(err)
	}
	conn.Close()
	server.Close()
}
