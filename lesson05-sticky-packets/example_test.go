package sticky_test

import (
	"fmt"
	"io"
	"net"
	"strings"

	sticky "example.com/gosockets/lesson05-sticky-packets"
)

// Two frames go over a connection. The first one's body is read as it comes, the
// second one's not at all.
func Example() {
	client, server := net.Pipe()
	go func() {
		defer client.Close()
		out := sticky.NewFrameWriter(client)
		for _, text := range []string{"hello", "bye"} {
			header := sticky.Header{FileName: text + ".txt", FileSize: int64(len(text)), MD5: "-"}
			if err := out.Write(header, strings.NewReader(text)); err != nil {
				panic(err)
			}
		}
	}()

	in := sticky.NewFrameReader(server)
	header, err := in.Next()
	body, _ := io.ReadAll(in)
	fmt.Println(header.FileName, header.FileSize, string(body), err)
	header, err = in.Next()
	fmt.Println(header.FileName, header.FileSize, err)
	_, err = in.Next()
	fmt.Println(err)
	// Output:
	// hello.txt 5 hello <nil>
	// bye.txt 3 <nil>
	// EOF
}
