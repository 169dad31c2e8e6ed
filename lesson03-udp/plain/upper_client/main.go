// Sends what its person types, a datagram for each line, and shows the answers.
// It waits for ever for one that is lost, and believes whoever sends one.
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
	addr := "127.0.0.1:8080"
	if len(os.Args) > 1 {
		addr = os.Args[1]
	}
	serverAddr, err := net.ResolveUDPAddr("udp", addr) // WriteTo wants an address, and no text
	if err != nil {
		log.Fatal(err)
	}
	client, err := net.ListenPacket("udp", ":0") // socket; the kernel chooses a free port
	if err != nil {
		log.Fatal(err)
	}
	input := bufio.NewScanner(os.Stdin)
	for prompt(); input.Scan(); prompt() {
		message := strings.TrimSpace(input.Text())
		if _, err := client.WriteTo([]byte(message), serverAddr); err != nil {
			log.Fatal(err)
		}
		data := make([]byte, 1024)
		n, from, err := client.ReadFrom(data)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%q %v\n", data[:n], from)
	}
	if input.Err() != nil { // a line of more than 64 KiB, say
		log.Fatal(input.Err())
	}
	client.Close()
}

func prompt() { fmt.Print(">>> ") }
