// Sends the commands its person types, but for empty lines, and shows one read of
// each answer. It waits for ever for one, and shows a long one's rest as the next.
package main

import (
	"bufio"
	"fmt"
	"log"
	"net"
	"os"
	"strings"
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
		command := strings.TrimSpace(input.Text())
		if command == "" { // sending nothing sends nothing: no answer would come
			continue
		}
		if _, err := conn.Write([]byte(command)); err != nil {
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
