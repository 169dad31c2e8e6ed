package udp

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkRoundTrip measures a question and its answer over both transports:
// over a socket that stays, and with a new one for each message.
func BenchmarkRoundTrip(b *testing.B) {
	msg := []byte("hello")
	for _, over := range transports {
		b.Run(over.name, func(b *testing.B) {
			conn := over.dial(b)
			b.ResetTimer()
			require.NoError(b, roundTrips(conn, msg, b.N))
		})
	}
	for _, over := range []struct{ network, addr string }{{"tcp", upperOverTCP(b)}, {"udp", serve(b, nil).String()}} {
		b.Run(over.network+" with a socket for each message", func(b *testing.B) {
			for range b.N {
				conn, err := net.Dial(over.network, over.addr)
				require.NoError(b, err)
				require.NoError(b, roundTrips(conn, msg, 1))
				require.NoError(b, conn.Close())
			}
		})
	}
}

// BenchmarkPairs measures the real programs: b.N lines go to the client's
// standard input, and its b.N answers are awaited. A client sends a line when
// it has the answer to the one before.
func BenchmarkPairs(b *testing.B) {
	for _, size := range []int{5, 1000} {
		for _, pair := range pairings {
			b.Run(fmt.Sprintf("%s server and %s client, %d bytes", pair.server, pair.client, size), func(b *testing.B) {
				server := startSide(b, pair.server, "server", "127.0.0.1:0")
				client := startSide(b, pair.client, "client", server.listening(b))
				drain(b, server)
				line := strings.Repeat("a", size) + "\n"
				typeIn := func(count int) {
					for range count {
						if _, err := io.WriteString(client.stdin, line); err != nil {
							b.Error(err)
							return
						}
					}
				}
				typeIn(1)
				client.line(b) // both are up
				b.SetBytes(int64(size))
				b.ResetTimer()
				go typeIn(b.N)
				for range b.N {
					client.line(b)
				}
			})
		}
	}
}

// drain reads what p prints for as long as the benchmark lasts.
func drain(b *testing.B, p *program) {
	b.Helper()
	go func() {
		for range p.lines {
		}
	}()
}
