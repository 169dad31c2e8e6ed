// Shares the files in the folder share, one client at a time: whoever says nothing
// holds up all others. Its md5 is none, and it has no bound on a wait.
package main

import (
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
	share, err := os.OpenRoot("share") // whatever the name, what it opens lies in here
	if err != nil {
		log.Fatal(err)
	}
	server, err := net.Listen("tcp", addr) // socket, SO_REUSEADDR, bind, listen
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", server.Addr())
	for { // the accept loop: one turn for each client
		conn, err := server.Accept()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("client address:", conn.RemoteAddr())
		for { // the message loop: one turn for each request
			request := make([]byte, 8096)
			n, err := conn.Read(request)
			if err != nil { // io.EOF when the client has left
				break
			}
			if err := answer(conn, share, string(request[:n])); err != nil {
				fmt.Printf("the client has to go: %q\n", err.Error())
				break
			}
		}
		conn.Close()
	}
}

// answer sends the length of a header, the header, and the file.
func answer(conn net.Conn, share *os.Root, request string) error {
	line, _, _ := strings.Cut(request, "\n")
	name, found := strings.CutPrefix(line, "get ")
	if !found {
		return fmt.Errorf("no name to get in %s", request)
	}
	info, err := share.Stat(name)
	if err != nil || !info.Mode().IsRegular() { // to open a pipe would be to wait for who writes to it
		return fmt.Errorf("no such file: %s", name)
	}
	file, err := share.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	header, err := json.Marshal(map[string]any{"filename": name, "md5": "xxdxxx", "file_size": info.Size()})
	if err != nil {
		return err
	}
	length := binary.LittleEndian.AppendUint32(nil, uint32(len(header)))
	if _, err := conn.Write(append(length, header...)); err != nil {
		return err
	}
	_, err = io.CopyN(conn, file, info.Size()) // as many bytes as the header says
	return err
}
