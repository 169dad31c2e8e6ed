package transfer

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkPairs lets a real client get a file b.N times from a real server.
// Run it by hand: go test -run '^$' -bench Pairs
func BenchmarkPairs(b *testing.B) {
	for _, size := range []int{100, 4 << 20} {
		for _, server := range kinds {
			for _, client := range kinds {
				b.Run(fmt.Sprintf("%d bytes/%s server and %s client", size, server, client), func(b *testing.B) {
					place := newPlace(b)
					content := random(size)
					write(b, place.share, "file", content)
					shows, addr := place.startServer(b, server)
					go shows.readAll()
					person := place.startClient(b, client, addr)
					if client == "own" {
						person = startGo(b, "client", "-force", "-addr", addr, "-dir", place.download)
					}
					get := func() {
						person.typeLine(b, "get file")
						waitFor(b, person, client, "file", content)
					}
					get() // the md5 is known then
					b.SetBytes(int64(size))
					for b.Loop() {
						get()
					}
				})
			}
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
