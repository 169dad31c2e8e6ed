// Sends what its person types, but for empty lines, and shows the answers. It
// waits for ever for one, and takes the first read for all of it.
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
	addr := "127.0.0.1:8081"
	if len(os.Args) > 1 {
		addr = os.Args[1]
	}
	conn, err := net.Dial("tcp", addr) // socket, connect
	if err != nil {
		log.Fatal(err)
	}
	input := bufio.NewScanner(os.Stdin)
	for prompt(); input.Scan(); prompt() {
		message := input.Text()
		if message == "" { // sending nothing sends nothing: no answer would come
			continue
		}
		if _, err := conn.Write([]byte(message)); err != nil {
			log.Fatal(err)
		}
		data := make([]byte, 1024)
		n, err := conn.Read(data)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%q\n", data[:n])
	}
	if input.Err() != nil { // a line of more than 64 KiB, say
		log.Fatal(input.Err())
	}
	conn.Close()
}

func prompt() { fmt.Print(">>> ") }
