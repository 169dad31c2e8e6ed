package wire

import (
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkRelay compares the wire with none: round trips of 64 bytes, and 64
// MiB in bulk that are answered with 64 bytes (TCP) or with 64 for every 8
// datagrams of 32 KiB (UDP, so that none is dropped). Run it by hand:
//
//	go test -run '^$' -bench Relay
func BenchmarkRelay(b *testing.B) {
	for _, network := range []string{"tcp", "udp"} {
		for _, load := range []struct {
			name                 string
			piece, pieces, burst int // an exchange is so many pieces of so many bytes, answered after each burst
		}{
			{"round trip", 64, 1, 1},
			{"bulk", 32 << 10, 2048, 8},
		} {
			burst := load.burst
			if network == "tcp" && load.name == "bulk" {
				burst = load.pieces
			}
			var direct float64 // ns for one exchange
			for _, way := range []string{"direct", "relay"} {
				b.Run(fmt.Sprintf("%s/%s/%s", network, load.name, way), func(b *testing.B) {
					client := answered(b, network, way == "relay", load.piece, burst)
					piece, answer := make([]byte, load.piece), make([]byte, 64)
					b.SetBytes(int64(load.piece * load.pieces))
					for b.Loop() {
						for i := range load.pieces {
							if _, err := client.Write(piece); err != nil {
								b.Fatal(err)
							}
							if (i+1)%burst == 0 {
								if _, err := io.ReadFull(client, answer); err != nil {
									b.Fatal(err)
								}
							}
						}
					}
					each := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
					if way == "direct" {
						direct = each
					} else if direct > 0 { // 0: -bench has left it out
						b.ReportMetric(each/direct, "x-of-direct")
					}
				})
			}
		}
	}
}

// answered returns a client of a server that answers each burst of pieces with
// 64 bytes.
func answered(b *testing.B, network string, relayed bool, piece, burst int) net.Conn {
	b.Helper()
	var addr string
	if network == "udp" {
		conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		require.NoError(b, err)
		enlarge(conn)
		b.Cleanup(func() { conn.Close() })
		addr = conn.LocalAddr().String()
		go func() {
			buf := make([]byte, maxDatagram)
			for i := 1; ; i++ {
				_, from, err := conn.ReadFromUDPAddrPort(buf)
				if err != nil {
					return
				}
				if i%burst == 0 {
					conn.WriteToUDPAddrPort(buf[:64], from)
				}
			}
		}()
	} else {
		ln := listen(b)
		addr = ln.Addr().String()
		go func() {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			buf := make([]byte, piece)
			for i := 1; ; i++ {
				if _, err := io.ReadFull(conn, buf); err != nil {
					return
				}
				if i%burst == 0 {
					conn.Write(buf[:64])
				}
			}
		}()
	}
	if relayed {
		r, err := Listen(addr, nil, func(Event) {})
		require.NoError(b, err)
		b.Cleanup(r.Close)
		addr = r.Addr()
	}
	return dial(b, network, addr)
}
