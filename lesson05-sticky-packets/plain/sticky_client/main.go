// Sends three small messages and a large one, and the same in datagrams. It does
// not say where over TCP one ends, and never learns whether any has arrived.
package main

import (
	"bytes"
	"fmt"
	"log"
	"net"
	"os"
)

func main() {
	log.SetFlags(0)
	addr := "127.0.0.1:8080"
	if len(os.Args) > 1 {
		addr = os.Args[1]
	}
	messages := [][]byte{[]byte("one"), []byte("two"), []byte("three"), bytes.Repeat([]byte("x"), 3000)}
	client, err := net.Dial("tcp", addr) // socket, connect
	if err != nil {
		log.Fatal(err)
	}
	for _, message := range messages {
		if _, err := client.Write(message); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("sent: %d %.20q\n", len(message), message)
	}
	beside, err := net.Dial("udp", addr) // socket, and where every Write goes
	if err != nil {
		log.Fatal(err)
	}
	for _, message := range append(messages, nil) { // an empty one is a datagram too
		if _, err := beside.Write(message); err != nil {
			log.Fatal(err)
		}
	}
	client.Close()
}
