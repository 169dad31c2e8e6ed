// Greets one client after the other, hears one message from each, and closes it.
// Whoever says nothing holds up all others; it has no bound on a wait.
package main

import (
	"fmt"
	"log"
	"net"
	"os"
)

func main() {
	log.SetFlags(0)
	addr := "127.0.0.1:2000"
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
		fmt.Println("got connected from", conn.RemoteAddr())
		greet(conn)
	}
}

func greet(conn net.Conn) {
	defer conn.Close() // when greet returns
	if _, err := conn.Write([]byte("hello I am server,welcome")); err != nil {
		return
	}
	data := make([]byte, 512)
	n, err := conn.Read(data)
	if err != nil { // io.EOF when the client has left without a word
		return
	}
	fmt.Printf("%q\n", data[:n])
}
