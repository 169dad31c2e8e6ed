// Prints the port that belongs to each service name. It ends at the first name
// that it does not know.
package main

import (
	"fmt"
	"log"
	"net"
	"os"
)

func main() {
	log.SetFlags(0)
	for _, name := range append([]string{"http", "https"}, os.Args[1:]...) {
		port, err := net.LookupPort("tcp", name)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(name, port)
	}
}
