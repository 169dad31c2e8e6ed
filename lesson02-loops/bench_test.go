package loops

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

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
