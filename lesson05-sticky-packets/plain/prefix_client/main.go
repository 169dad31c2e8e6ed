// Sends messages, each with its length in front in 4 bytes, most significant
// first. It never learns whether they have arrived.
package main

import (
	"bytes"
	"encoding/binary"
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
	client, err := net.Dial("tcp", addr) // socket, connect
	if err != nil {
		log.Fatal(err)
	}
	for _, message := range [][]byte{[]byte("one"), []byte("two"), []byte("three"), bytes.Repeat([]byte("x"), 3000)} {
		if err := writeFrame(client, message); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("sent: %d %.20q\n", len(message), message)
	}
	client.Close()
}

func writeFrame(conn net.Conn, message []byte) error {
	if len(message) > 1<<20 { // nobody would read it
		return fmt.Errorf("a message of %d bytes is too long", len(message))
	}
	frame := binary.BigEndian.AppendUint32(nil, uint32(len(message)))
	_, err := conn.Write(append(frame, message...))
	return err
}
