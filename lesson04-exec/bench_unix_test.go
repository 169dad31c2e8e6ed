//go:build unix

package remote

import (
	"bufio"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkPairs has a real client send b.N commands to a real server.
// Run it by hand: go test -run '^$' -bench Pairs
func BenchmarkPairs(b *testing.B) {
	for _, x := range []struct{ name, command, output string }{
		{"round trip", "echo hi", "hi"},
		{"throughput", "printf '%01000d\\n' 0", strings.Repeat("0", 1000)}, // the most that is sure to be one read
	} {
		for _, whoServes := range everybody {
			for _, who := range everybody {
				b.Run(x.name+"/"+whoServes+" server and "+who+" client", func(b *testing.B) {
					pair(b, whoServes, who, x.command, x.output)
				})
			}
		}
	}
}

func pair(b *testing.B, whoServes, who, command, output string) {
	server := startSide(b, whoServes, "server", "127.0.0.1:0")
	addr := server.listening(b)
	go server.readAll()
	client := startSide(b, who, "client", addr)
	shown := output
	if who == "plain" {
		shown = strconv.Quote(output + "\n")
	}
	client.typeLine(b, command) // warm
	for client.line(b) != shown {
	}
	b.SetBytes(int64(len(output)))
	b.ResetTimer()
	go func() {
		in := bufio.NewWriter(client.stdin)
		for range b.N {
			in.WriteString(command + "\n")
		}
		in.Flush() // an error is the client's end, which is seen below
		client.stdin.Close()
	}()
	answers := 0
	for line := range client.lines {
		if line == shown {
			answers++
		}
	}
	b.StopTimer()
	require.Equal(b, b.N, answers)
}

// readAll reads what the program prints and forgets it, so that it need not wait.
func (p *program) readAll() {
	for range p.lines {
	}
}

// BenchmarkOutput reads a large output to its end. In Python it must fit in a
// pipe.
func BenchmarkOutput(b *testing.B) {
	for _, x := range []struct {
		name, server, command string
		size                  int64
	}{
		{"60 kB from the lesson's own", "own", "head -c 60000 /dev/zero", 60_000},
		{"60 kB from Python", "Python", "head -c 60000 /dev/zero", 60_000},
		{"60 kB from plain", "plain", "head -c 60000 /dev/zero", 60_000},
		{"1 MiB from the lesson's own", "own", "head -c 1048576 /dev/zero", 1 << 20},
	} {
		b.Run(x.name, func(b *testing.B) {
			server := startSide(b, x.server, "server", "127.0.0.1:0")
			conn := connect(b, server.listening(b))
			go server.readAll()
			b.SetBytes(x.size)
			for b.Loop() {
				send(b, conn, x.command)
				require.NoError(b, conn.SetDeadline(deadline()))
				_, err := io.CopyN(io.Discard, conn, x.size)
				require.NoError(b, err)
			}
		})
	}
}

// BenchmarkCommands compares what a command costs with and without a server.
func BenchmarkCommands(b *testing.B) {
	b.Run("bare exec.Command", func(b *testing.B) {
		for b.Loop() {
			output, err := exec.Command("sh", "-c", "echo hi").Output()
			require.NoError(b, err)
			require.Equal(b, "hi\n", string(output))
		}
	})
	b.Run("through the server", func(b *testing.B) {
		conn := connect(b, serve(b, Server{}).addr)
		for b.Loop() {
			require.NoError(b, conn.SetDeadline(deadline()))
			send(b, conn, "echo hi")
			receive(b, conn, "hi\n")
		}
	})
}
