// Sends what its person types and receives what the other person types. It waits
// for ever for an answer, and takes the first read for all of it.
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
	conn, err := net.Dial("tcp", addr) // socket, connect
	if err != nil {
		log.Fatal(err)
	}
	input := bufio.NewScanner(os.Stdin)
	for prompt(); input.Scan() && input.Text() == ""; prompt() { // sending nothing sends nothing
	}
	if input.Err() != nil { // a line of more than 64 KiB, say
		log.Fatal(input.Err())
	}
	if input.Text() == "" { // the end of input: no answer would come
		return
	}
	if _, err := conn.Write(input.Bytes()); err != nil {
		log.Fatal(err)
	}
	data := make([]byte, 1024)
	n, err := conn.Read(data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("the server says %q\n", data[:n])
}

func prompt() { fmt.Print(">>> ") }
