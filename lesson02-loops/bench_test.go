package loops

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkPairs feeds b.N lines to a real client that talks to a real server.
// Run it by hand: go test -run '^$' -bench Pairs
func BenchmarkPairs(b *testing.B) {
	for _, size := range []struct {
		name string
		line string
	}{
		{"round trip", "hello"},
		{"throughput", strings.Repeat("a line that is long ", 50)}, // 1000 bytes
	} {
		for _, pair := range pairings {
			b.Run(fmt.Sprintf("%s/%s server and %s client", size.name, pair.server, pair.client), func(b *testing.B) {
				server := startServer(b, pair.server, "upper", "upper_server.py")
				addr := server.listening(b)
				go server.readAll()
				var client *program
				if pair.client == "Python" {
					client = startPython(b, "upper_client.py", addr)
				} else {
					client = startGo(b, "client", "-addr", addr)
				}
				client.typeLine(b, "warm")
				for !strings.Contains(client.line(b), "WARM") {
				}
				if size.name == "throughput" {
					b.SetBytes(int64(len(size.line)))
				}
				b.ResetTimer()
				go func() {
					in := bufio.NewWriter(client.stdin)
					for range b.N {
						in.WriteString(size.line + "\n")
					}
					in.Flush() // an error is the client's end, which is seen below
					client.stdin.Close()
				}()
				answer, answers := strings.ToUpper(size.line), 0
				for line := range client.lines {
					if strings.Contains(line, answer) {
						answers++
					}
				}
				b.StopTimer()
				require.Equal(b, b.N, answers)
			})
		}
	}
}

// readAll reads what the program prints and forgets it, so that it need not wait.
func (p *program) readAll() {
	for range p.lines {
	}
}

func BenchmarkAllocations(b *testing.B) {
	client := connect(b, serve(b, Server{Log: io.Discard}).addr)
	msg := []byte("hello")
	answer := make([]byte, len(msg))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.Write(msg); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(client, answer); err != nil {
			b.Fatal(err)
		}
	}
}
