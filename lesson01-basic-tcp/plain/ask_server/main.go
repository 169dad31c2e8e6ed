// Accepts one client and lets the person at the server type the answer. It waits
// for ever for the client, and takes the first read for all of the message.
package main

import (
	"bufio"
	"fmt"
	"log"
	"net"
	"os"
)

func main() {
	log.SetFlags(0)
	addr := "127.0.0.1:8000"
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
	data := make([]byte, 1024)
	n, err := conn.Read(data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("the client says %q\n", data[:n])
	input := bufio.NewScanner(os.Stdin)
	for prompt(); input.Scan() && input.Text() == ""; prompt() { // sending nothing sends nothing
	}
	if input.Err() != nil { // a line of more than 64 KiB, say
		log.Fatal(input.Err())
	}
	if _, err := conn.Write(input.Bytes()); err != nil { // no bytes at the end of input
		log.Fatal(err)
	}
	conn.Close()
	server.Close()
}

func prompt() { fmt.Print(">>> ") }
