package sticky

import (
	"bytes"
	"strings"
	"testing"
)

// BenchmarkPairs lets a real client send its messages to a real server, from the
// start of the client to its last message shown.
// Run it by hand: go test -run '^$' -bench Pairs
func BenchmarkPairs(b *testing.B) {
	for _, framing := range []string{"none", "header"} {
		for _, pair := range pairings {
			b.Run(framing+"/"+pair.server+" server and "+pair.client+" client", func(b *testing.B) {
				var server *program
				var addr string
				for b.Loop() {
					if server == nil || pair.server == "Python" { // which serves one client
						b.StopTimer()
						server = startServer(b, pair.server, framing)
						addr = server.listening(b)
						b.StartTimer()
					}
					startClient(b, pair.client, framing, addr)
					for !strings.Contains(server.line(b), last[framing][pair.server]) {
					}
				}
			})
		}
	}
}

// last is what a server's last line of a client has in it.
var last = map[string]map[string]string{
	"none":   {"Go": "closed its side", "Python": "received: 963"},
	"header": {"Go": "closed its side", "Python": "received: 3000"},
}

// BenchmarkFramings writes and reads a message. The copy is what the others are
// compared with: the same bytes in and out of memory, and no boundary.
func BenchmarkFramings(b *testing.B) {
	for _, name := range []string{"copy", "header", "prefix", "line", "fixed"} {
		for _, size := range []struct {
			name  string
			bytes int
		}{{"64 B", 64}, {"4 KiB", 4 << 10}, {"1 MiB", 1 << 20}} {
			if name != "copy" && size.bytes > framings[name] {
				continue
			}
			b.Run(name+"/"+size.name, func(b *testing.B) {
				var wire bytes.Buffer
				var f framing = &noFraming{conn: &wire, buf: make([]byte, size.bytes)}
				if name != "copy" {
					f = framed(b, name, &wire)
				}
				msg := []byte(xs(size.bytes))
				b.SetBytes(int64(size.bytes))
				b.ReportAllocs()
				for b.Loop() {
					if err := f.write(msg); err != nil {
						b.Fatal(err)
					}
					if _, err := f.read(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
