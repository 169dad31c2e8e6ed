package sticky

import (
	"bytes"
	"testing"
)

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
				var f framing = &copying{&wire, make([]byte, size.bytes)}
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

// copying takes what is there for a message.
type copying struct {
	wire *bytes.Buffer
	buf  []byte
}

func (c *copying) write(msg []byte) error {
	_, err := c.wire.Write(msg)
	return err
}

func (c *copying) read() ([]byte, error) {
	n, err := c.wire.Read(c.buf)
	return c.buf[:n], err
}
