// Runs the commands of its clients, one client at a time, and sends back what they
// print: if that is nothing, nothing. It has no bound on time, output or a wait.
package main

import (
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"os/exec"
	"regexp"
	"runtime"
)

// Any web page can send a request to a port of this machine. Its first line begins
// with a method and ends with a version.
var request = regexp.MustCompile(`^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT) | HTTP/[0-9]`)

func main() {
	log.SetFlags(0)
	addr := "127.0.0.1:8081"
	if len(os.Args) > 1 {
		addr = os.Args[1]
	}
	local, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		log.Fatal(err)
	}
	if !local.IP.IsLoopback() {
		log.Fatalf("not listening on %s: other machines could run commands there; listen on 127.0.0.1", addr)
	}
	server, err := net.Listen("tcp", local.String()) // socket, SO_REUSEADDR, bind, listen
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
		for { // the message loop: one turn for each command
			data := make([]byte, 1024)
			n, err := conn.Read(data)
			if err != nil { // io.EOF when the client has left
				break
			}
			fmt.Printf("command from the client: %q\n", data[:n])
			if request.Match(data[:n]) {
				break
			}
			answer, err := run(string(data[:n]))
			if err != nil {
				break
			}
			if _, err := conn.Write(answer); err != nil {
				break
			}
		}
		conn.Close()
	}
}

// run returns what command prints on standard output and standard error. Its
// error says that command could not be started.
func run(command string) ([]byte, error) {
	shell := exec.Command("sh", "-c", command)
	if runtime.GOOS == "windows" {
		shell = exec.Command("cmd", "/C", command)
	}
	output, err := shell.CombinedOutput() // one pipe for both, read while the command runs
	var failed *exec.ExitError
	if errors.As(err, &failed) { // it ran, and its status is not 0
		err = nil
	}
	return output, err
}
