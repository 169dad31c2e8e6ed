// Receives frames: 4 bytes with the length of a header, the header in JSON, and
// the body. It waits for ever for the rest of one, and ends with its first client.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
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
	server, err := net.Listen("tcp", addr) // socket, SO_REUSEADDR, bind, listen
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
		head, body, err := readFrame(conn)
		if err == io.EOF { // between two frames: the client has left
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("received: %d %.20q, name %q, md5 %q\n", len(body), body, head.FileName, head.MD5)
	}
	conn.Close()
	server.Close()
}

func readFrame(conn net.Conn) (head header, body []byte, err error) {
	prefix := make([]byte, 4)
	if _, err := io.ReadFull(conn, prefix); err != nil { // as many reads as it takes
		return head, nil, err // io.EOF before the first byte, io.ErrUnexpectedEOF after it
	}
	length := binary.LittleEndian.Uint32(prefix)
	if length > 64<<10 { // asked before room is made for it
		return head, nil, fmt.Errorf("a header of %d bytes is too long", length)
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(conn, text); err != nil {
		return head, nil, unexpected(err)
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return head, nil, err
	}
	if head.FileSize < 0 || head.FileSize > 1<<20 {
		return head, nil, fmt.Errorf("a body of %d bytes is not to be had", head.FileSize)
	}
	body = make([]byte, head.FileSize)
	_, err = io.ReadFull(conn, body)
	return head, body, unexpected(err)
}

func unexpected(err error) error { // io.EOF where more was promised is no good-bye
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
