// Sends messages in frames: 4 bytes with the length of a header, the header in
// JSON, and the body. It never learns whether they have arrived.
package main

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"os"
)

type header struct {
	FileSize int64  `json:"file_size"`
	FileName string `json:"file_name"`
	MD5      string `json:"md5"`
}

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
	for _, body := range [][]byte{[]byte("one"), []byte("two"), []byte("three"), bytes.Repeat([]byte("x"), 3000)} {
		head := header{FileSize: int64(len(body)), FileName: "message", MD5: fmt.Sprintf("%x", md5.Sum(body))}
		if err := writeFrame(client, head, body); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("sent: %d %.20q\n", len(body), body)
	}
	client.Close()
}

func writeFrame(conn net.Conn, head header, body []byte) error {
	text, err := json.Marshal(head)
	if err != nil {
		return err
	}
	if len(text) > 64<<10 || len(body) > 1<<20 { // nobody would read it
		return fmt.Errorf("a frame with %d bytes of header and %d of body is too long", len(text), len(body))
	}
	frame := binary.LittleEndian.AppendUint32(nil, uint32(len(text)))
	frame = append(append(frame, text...), body...)
	_, err = conn.Write(frame) // the three sends of Python in one
	return err
}
