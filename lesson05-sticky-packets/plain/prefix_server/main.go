// Receives messages, each with its length in front in 4 bytes, most significant
// first. It waits for ever for the rest of one, and ends with its first client.
package main

import (
	"encoding/binary"
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
	fmt.Println("listening on", server.Addr())
	conn, err := server.Accept()
	if err != nil {
		log.Fatal(err)
	}
	for message, err := readFrame(conn); err != io.EOF; message, err = readFrame(conn) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("received: %d %.20q\n", len(message), message)
	}
}

func readFrame(conn net.Conn) ([]byte, error) { // io.EOF at an end between two messages
	var length uint32
	if err := binary.Read(conn, binary.BigEndian, &length); err != nil { // all 4 bytes, in as many reads as it takes
		return nil, err // io.EOF for none of them, io.ErrUnexpectedEOF for some
	}
	if length > 1<<20 { // asked before room is made for it
		return nil, fmt.Errorf("a message of %d bytes is too long", length)
	}
	message := make([]byte, length)
	if _, err := io.ReadFull(conn, message); err != io.EOF {
		return message, err
	}
	return nil, io.ErrUnexpectedEOF // nothing came where more was promised: no good-bye
}
