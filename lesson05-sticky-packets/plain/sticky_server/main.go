// Shows what each read returns when nothing says where a message ends, and the
// same messages in datagrams. It waits for ever for what does not come.
package main

import (
	"fmt"
	"io"
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
	server, err := net.Listen("tcp", addr) // socket, SO_REUSEADDR, bind, listen
	if err != nil {
		log.Fatal(err)
	}
	beside, err := net.ListenPacket("udp", server.Addr().String()) // socket, bind
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", server.Addr())
	conn, err := server.Accept()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("client:", conn.RemoteAddr())
	for {
		data := make([]byte, 65536)
		n, _, err := beside.ReadFrom(data)
		if err != nil {
			log.Fatal(err)
		}
		if n == 0 { // an empty datagram: all has been sent, over TCP too
			break
		}
		fmt.Printf("received over UDP: %d %.20q\n", n, data[:n])
	}
	for {
		data := make([]byte, 1024)
		n, err := conn.Read(data)
		if err == io.EOF {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("received: %d %.20q\n", n, data[:n])
	}
	conn.Close()
	server.Close()
}
