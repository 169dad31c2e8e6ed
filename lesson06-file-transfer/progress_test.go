package transfer

import (
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProgressIsShownWhileItRuns(t *testing.T) {
	shownYet := make(chan struct{}, 4)
	addr := asServer(t, func(conn *net.TCPConn) {
		heard(conn)
		writeHeader(conn, header{FileName: "hello.txt", MD5: helloMD5, FileSize: 32})
		for i := 0; i < 32; i += 8 { // the next piece only when the one before has been shown
			io.WriteString(conn, hello[i:i+8])
			select {
			case <-shownYet:
			case <-t.Context().Done():
				return
			}
		}
	})
	client := startGo(t, "client", "-addr", addr, "-dir", t.TempDir(), "get", "hello.txt")
	client.line(t) // connected
	for _, line := range []string{`"hello.txt": 25% of 32 bytes`, `"hello.txt": 50% of 32 bytes`, `"hello.txt": 75% of 32 bytes`, `"hello.txt": 32 bytes, md5 is right`} {
		assert.Equal(t, line, client.line(t))
		shownYet <- struct{}{}
	}
}

// lines returns what is shown of a transfer that comes in pieces.
func progressLines(h header, sizes ...int64) string {
	var out bytes.Buffer
	p := (&Client{Out: &out}).progress(h)
	defer p.close()
	for _, size := range sizes {
		p.at(size)
	}
	return out.String()
}

func TestWithoutATerminalProgressIsALineForEachQuarter(t *testing.T) {
	h := header{FileName: "x", FileSize: 1000}
	const q1, q2, q3 = "\"x\": 25% of 1000 bytes\n", "\"x\": 50% of 1000 bytes\n", "\"x\": 75% of 1000 bytes\n"
	assert.Equal(t, q1+q2+q3, progressLines(h, 249, 250, 251, 499, 500, 749, 750, 999, 1000))
	assert.Equal(t, q2, progressLines(h, 249, 749, 1000), "one line for two quarters at once")
	assert.Empty(t, progressLines(h, 1000), "a file that comes in one piece")
	assert.Empty(t, progressLines(header{FileName: "x"}, 0), "an empty file")
	h.Offset = 600
	assert.Equal(t, q2+q3, progressLines(h, 601, 800), "a resumed transfer counts what was here before")
}

func TestTheQuartersOfTheLargestSizeAreRight(t *testing.T) {
	const largest = 1<<63 - 1
	assert.Equal(t, "\"x\": 75% of 9223372036854775807 bytes\n",
		progressLines(header{FileName: "x", FileSize: largest}, largest/8, largest/4*3+4))
}

// onTerminal returns what the bar writes.
func onTerminal(t *testing.T, show func()) string {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "terminal"))
	require.NoError(t, err)
	defer file.Close()
	real := os.Stderr
	os.Stderr = file
	defer func() { os.Stderr = real }()
	show()
	written, err := os.ReadFile(file.Name())
	require.NoError(t, err)
	return string(written)
}

func TestOnATerminalABarMovesWithSpeedAndTimeLeft(t *testing.T) {
	h := header{FileName: "big", FileSize: 4000}
	client := Client{Bar: true, Out: io.Discard}
	terminal := onTerminal(t, func() {
		p := client.progress(h)
		p.at(1000)
		state := p.bar.State()
		assert.Equal(t, 0.25, state.CurrentPercent, "of 1")
		assert.Equal(t, float64(1000), state.CurrentBytes)
		p.at(4000)
		p.close()
	})
	assert.Contains(t, terminal, `"big"`)
	assert.Regexp(t, `4\.0.*kB.*\d .?B/s`, terminal)
	assert.Equal(t, 1, strings.Count(terminal, "\n"), "the bar's line ends once")
}

func TestTheBarOfAResumedTransferIsAboutWhatIsStillToCome(t *testing.T) {
	client := Client{Bar: true, Out: io.Discard}
	onTerminal(t, func() {
		p := client.progress(header{FileName: "big", FileSize: 4000, Offset: 3000})
		p.at(3500)
		assert.Equal(t, 0.5, p.bar.State().CurrentPercent)
		assert.Equal(t, float64(500), p.bar.State().CurrentBytes, "else the speed would be that of 3500 bytes")
		p.close()
	})
}

func TestABarThatIsBrokenOffEndsItsLine(t *testing.T) {
	client := Client{Bar: true, Out: io.Discard}
	terminal := onTerminal(t, func() {
		p := client.progress(header{FileName: "big", FileSize: 4000})
		p.at(1)
		p.close()
	})
	assert.True(t, strings.HasSuffix(terminal, "\n"), "%q", terminal)
}

func TestATransferShowsItsBarAndNoLines(t *testing.T) {
	server := serve(t, new(Server), t.TempDir())
	write(t, server.dir, "big", random(3_000_000))
	terminal := onTerminal(t, func() {
		shown, err := talk(t, Client{Bar: true}, t.TempDir(), server.addr, "get big")
		require.NoError(t, err)
		assert.NotContains(t, shown, "%")
		assert.Contains(t, shown, `"big": 3000000 bytes, md5 is right`)
	})
	assert.Contains(t, terminal, "100%")
}
