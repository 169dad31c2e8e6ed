// Answers every datagram in capitals, whoever has sent it. It cuts a long one
// without a word, and has no good end.
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
	addr := "127.0.0.1:8080"
	if len(os.Args) > 1 {
		addr = os.Args[1]
	}
	server, err := net.ListenPacket("udp", addr) // socket, bind
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", server.LocalAddr())
	for { // one turn for each datagram
		data := make([]byte, 1024)
		n, clientAddr, err := server.ReadFrom(data)
		if err != nil {
			log.Print(err) // the next datagram is another client's
			continue
		}
		fmt.Printf("%q\n", data[:n])
		answer := upper.Replace(string(data[:n]))
		if _, err := server.WriteTo([]byte(answer), clientAddr); err != nil {
			log.Print(err)
		}
	}
}
