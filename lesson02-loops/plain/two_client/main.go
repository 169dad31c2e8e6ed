// Holds two sockets in one program. To the server they are two clients. It waits
// for ever for a greeting, and takes the first read for all of it.
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
	client, err := net.Dial("tcp", addr) // socket, connect
	if err != nil {
		log.Fatal(err)
	}
	data := make([]byte, 512)
	n, err := client.Read(data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("the data received is %q\n", data[:n])
	if _, err := client.Write([]byte("hihi I am client")); err != nil {
		log.Fatal(err)
	}

	second, err := net.Dial("tcp", addr)
	if err != nil {
		log.Fatal(err)
	}
	n, err = second.Read(data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("the data received from the server is %q\n", data[:n])
	if _, err := second.Write([]byte("client send use sock2")); err != nil {
		log.Fatal(err)
	}
	second.Close()
	client.Close()
}
