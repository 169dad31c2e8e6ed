package basictcp

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkPairs measures complete exchanges of the real programs: two processes
// start, meet once over loopback, and end. Nearly all of the time is theirs to
// start in; what TCP itself takes is measured in lesson 2.
func BenchmarkPairs(b *testing.B) {
	for _, pair := range pairings {
		b.Run(pair.server+"Server"+pair.client+"Client", func(b *testing.B) {
			for b.Loop() {
				server := startSide(b, pair.server, "upper", "server", "127.0.0.1:0")
				client := startSide(b, pair.client, "upper", "client", server.listening(b))
				clientStatus, _ := client.exit(b)
				serverStatus, _ := server.exit(b)
				require.Zero(b, clientStatus+serverStatus)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "exchanges/s")
		})
	}
}
