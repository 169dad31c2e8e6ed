// Answers every message in capitals, each client in a goroutine of its own. It
// has no bound on their number or on a wait, and no good end.
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
	server, err := net.Listen("tcp", addr) // socket, SO_REUSEADDR, bind, listen
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", server.Addr())
	for { // the accept loop: one turn for each client
		conn, err := server.Accept()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("client address:", conn.RemoteAddr())
		go handle(conn) // and back to Accept at once
	}
}

func handle(conn net.Conn) {
	defer conn.Close() // when handle returns
	for {              // the message loop: one turn for each read
		data := make([]byte, 1024)
		n, err := conn.Read(data)
		if err != nil { // io.EOF when the client has left
			return
		}
		fmt.Printf("message from the client: %q\n", data[:n])
		answer := upper.Replace(string(data[:n]))
		if _, err := conn.Write([]byte(answer)); err != nil {
			return
		}
	}
}
