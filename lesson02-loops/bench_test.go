package loops

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkPairs feeds b.N lines to a real client that talks to a real server.
// Run it by hand: go test -run '^$' -bench Pairs
func BenchmarkPairs(b *testing.B) {
	for _, size := range []struct{ name, line string }{
		{"round trip", "hello"},
		{"throughput", strings.Repeat("a line that is long ", 50)}, // 1000 bytes
	} {
		for _, server := range []string{"upper_server.py", "upper_server", "server"} {
			for _, client := range []string{"upper_client.py", "upper_client", "client"} {
				b.Run(size.name+"/"+server+" and "+client, func(b *testing.B) { feed(b, server, client, size.line) })
			}
		}
	}
}

func feed(b *testing.B, server, client, line string) {
	serving := startAt(b, server, "127.0.0.1:0")
	talking := startAt(b, client, serving.listening(b))
	go func() {
		for range serving.lines { // so that it need not wait
		}
	}()
	talking.typeLine(b, "warm")
	for !strings.Contains(talking.line(b), "WARM") {
	}
	if len(line) > 100 {
		b.SetBytes(int64(len(line)))
	}
	b.ResetTimer()
	go func() {
		in := bufio.NewWriter(talking.stdin)
		for range b.N {
			in.WriteString(line + "\n")
		}
		in.Flush() // an error is the client's end, which is seen below
		talking.stdin.Close()
	}()
	answers := 0
	for shown := range talking.lines {
		if strings.Contains(shown, strings.ToUpper(line)) {
			answers++
		}
	}
	b.StopTimer()
	require.Equal(b, b.N, answers)
}

// BenchmarkJournal shows what a server's journal costs a message: b.N round trips
// of 64 bytes, by one client or shared by many.
func BenchmarkJournal(b *testing.B) {
	logs := []struct {
		name string
		open func(b *testing.B) io.Writer
	}{
		{"in a pipe that is read", func(b *testing.B) io.Writer {
			r, w, err := os.Pipe()
			require.NoError(b, err)
			go io.Copy(io.Discard, r)
			b.Cleanup(func() { w.Close() })
			return w
		}},
		{"thrown away", func(*testing.B) io.Writer { return io.Discard }},
		{"none", func(*testing.B) io.Writer { return nil }},
	}
	for _, clients := range []int{1, 64} {
		for _, log := range logs {
			b.Run(fmt.Sprintf("%d clients/%s", clients, log.name), func(b *testing.B) {
				roundTrips(b, Server{Concurrent: true, Log: log.open(b)}, clients)
			})
		}
	}
}

func roundTrips(b *testing.B, server Server, clients int) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, ln) }()
	conns := make([]net.Conn, clients)
	for i := range conns {
		conns[i] = connect(b, ln.Addr().String())
		roundTrip(b, conns[i])
	}
	b.ReportAllocs()
	b.ResetTimer()
	var talking sync.WaitGroup
	var left atomic.Int64
	left.Store(int64(b.N))
	for _, conn := range conns {
		talking.Go(func() {
			defer conn.Close()
			msg := []byte(patterned(64))
			for left.Add(-1) >= 0 {
				if _, err := conn.Write(msg); err != nil {
					b.Error(err)
				}
				if _, err := io.ReadFull(conn, msg); err != nil {
					b.Error(err)
				}
			}
		})
	}
	talking.Wait()
	b.StopTimer()
	stop()
	require.NoError(b, <-served)
}
