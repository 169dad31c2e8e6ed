package transfer

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkPairs lets a real client get a file b.N times from a real server.
// Run it by hand: go test -run '^$' -bench Pairs
func BenchmarkPairs(b *testing.B) {
	for _, file := range []struct {
		name string
		size int
	}{{"round trip of 100 bytes", 100}, {"throughput of 4 MiB", 4 << 20}} {
		for _, pair := range pairings {
			b.Run(fmt.Sprintf("%s/%s server and %s client", file.name, pair.server, pair.client), func(b *testing.B) {
				place := newPlace(b)
				write(b, place.share, "file", random(file.size))
				server, addr := place.startServer(b, pair.server)
				go server.readAll()
				client := (*program)(nil)
				if pair.client == "Python" {
					client = place.startPython(b, "file_client.py", addr)
				} else {
					client = startGo(b, "client", "-force", "-addr", addr, "-dir", place.download)
				}
				got := "received: " + decimal(file.size)
				if pair.client == "Go" {
					got = fmt.Sprintf(`"file": %d bytes`, file.size)
				}
				get := func() {
					client.typeLine(b, "get file")
					for !strings.Contains(client.line(b), got) {
					}
				}
				get() // the md5 is known then
				b.SetBytes(int64(file.size))
				for b.Loop() {
					get()
				}
			})
		}
	}
}

// readAll reads what the program prints and forgets it, so that it need not wait.
func (p *program) readAll() {
	for range p.lines {
	}
}

// BenchmarkServer lets a client that forgets what it reads get 64 MiB, from the
// lesson's server and from io.Copy alone.
func BenchmarkServer(b *testing.B) {
	dir := b.TempDir()
	write(b, dir, "big", random(64<<20))
	b.Run("the lesson's", func(b *testing.B) {
		conn := connect(b, serve(b, new(Server), dir).addr)
		b.SetBytes(64 << 20)
		for b.Loop() {
			send(b, conn, "get big")
			h, err := readHeader(conn)
			require.NoError(b, err)
			discard(b, conn, h.FileSize)
		}
	})
	b.Run("io.Copy alone", func(b *testing.B) {
		ln := listen(b)
		conn := connect(b, ln.Addr().String())
		out, err := ln.Accept()
		require.NoError(b, err)
		defer out.Close()
		b.SetBytes(64 << 20)
		for b.Loop() {
			file, err := os.Open(filepath.Join(dir, "big"))
			require.NoError(b, err)
			go func() {
				defer file.Close()
				io.Copy(out, file) // an error shows as too few bytes
			}()
			discard(b, conn, 64<<20)
		}
	})
}

func discard(b *testing.B, from io.Reader, n int64) {
	buf := make([]byte, 256<<10)
	for n > 0 {
		got, err := from.Read(buf[:min(n, int64(len(buf)))])
		require.NoError(b, err)
		n -= int64(got)
	}
}

// BenchmarkChecksum is what the md5 of 64 MiB costs, the first time.
func BenchmarkChecksum(b *testing.B) {
	dir := b.TempDir()
	write(b, dir, "big", random(64<<20))
	b.SetBytes(64 << 20)
	for b.Loop() {
		sumOf(b, new(checksums), dir, "big")
	}
}
