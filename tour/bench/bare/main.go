// Command bare is what lesson 2's server is compared with: Accept, Read and
// Write, a goroutine for each client, and nothing else. No limits, no journal,
// no good-bye.
package main

import (
	"bytes"
	"fmt"
	"log"
	"net"
)

func main() {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", ln.Addr())
	for {
		conn, err := ln.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go serve(conn)
	}
}

func serve(conn net.Conn) {
	defer conn.Close()
	buf := make([]byte, 1024)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		if _, err := conn.Write(bytes.ToUpper(buf[:n])); err != nil {
			return
		}
	}
}
