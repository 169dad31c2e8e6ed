// Fetches what its person asks for with "get NAME" into the folder download, under
// the name the server says, at once. It compares no md5, and waits for ever.
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"strings"
)

func main() {
	log.SetFlags(0)
	addr := "127.0.0.1:9901"
	if len(os.Args) > 1 {
		addr = os.Args[1]
	}
	download, err := os.OpenRoot("download") // whatever the name, what it creates lies in here
	if err != nil {
		log.Fatal(err)
	}
	conn, err := net.Dial("tcp", addr) // socket, connect
	if err != nil {
		log.Fatal(err)
	}
	input := bufio.NewScanner(os.Stdin)
	for fmt.Print(">>> "); input.Scan(); fmt.Print(">>> ") {
		command := strings.TrimSpace(input.Text())
		if command == "" {
			continue
		}
		if _, err := conn.Write([]byte(command)); err != nil {
			log.Fatal(err)
		}
		length := make([]byte, 4)
		if _, err := io.ReadFull(conn, length); err != nil { // Read might return only 1 of the 4
			log.Fatal("no header: ", err)
		}
		size := binary.LittleEndian.Uint32(length)
		if size > 65536 {
			log.Fatalf("no header of %d bytes", size)
		}
		text := make([]byte, size)
		if _, err := io.ReadFull(conn, text); err != nil {
			log.Fatal("no whole header: ", err)
		}
		header := struct {
			FileName, MD5 string
			FileSize      int64 `json:"file_size"`
		}{FileSize: -1}
		if err := json.Unmarshal(text, &header); err != nil || header.FileSize < 0 {
			log.Fatalf("not a header: %q", text)
		}
		fmt.Printf("filename: %q, md5: %q, file_size: %d\n", header.FileName, header.MD5, header.FileSize)
		file, err := download.Create(header.FileName)
		if err != nil {
			log.Fatalf("%q", err.Error())
		}
		for received := int64(0); received < header.FileSize; {
			n, err := io.CopyN(file, conn, min(1024, header.FileSize-received))
			if err != nil { // io.EOF when the server has left
				log.Fatalf("received %d of %d bytes: %v", received+n, header.FileSize, err)
			}
			received += n
			fmt.Printf("total: %d, received: %d\n", header.FileSize, received)
		}
		if err := file.Close(); err != nil {
			log.Fatal(err)
		}
	}
	if input.Err() != nil { // a line of more than 64 KiB, say
		log.Fatal(input.Err())
	}
	conn.Close()
}
