package transfer

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lines returns what is shown of a transfer that comes in pieces.
func progressLines(h header, sizes ...int64) string {
	var out bytes.Buffer
	p := new(Client).progress(h, &out)
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
	client, out := Client{Bar: true}, new(bytes.Buffer)
	terminal := onTerminal(t, func() {
		p := client.progress(header{FileName: "big", FileSize: 4000}, out)
		p.at(1000)
		assert.Equal(t, 0.25, p.bar.State().CurrentPercent, "of 1")
		p.at(4000)
		p.close()
	})
	assert.Contains(t, terminal, `"big"`)
	assert.Regexp(t, `4\.0.*kB.*\d .?B/s`, terminal)
	assert.Equal(t, 1, strings.Count(terminal, "\n"), "the bar's line ends once")
	assert.Empty(t, out, "and no lines")

	onTerminal(t, func() {
		p := client.progress(header{FileName: "big", FileSize: 4000, Offset: 3000}, out)
		p.at(3500)
		assert.Equal(t, 0.5, p.bar.State().CurrentPercent, "of what is still to come")
		assert.Equal(t, float64(500), p.bar.State().CurrentBytes, "else the speed would be that of 3500 bytes")
		p.close()
	})
}

func TestABarThatIsBrokenOffEndsItsLine(t *testing.T) {
	server := serve(t, new(Server), shared(t))
	terminal := onTerminal(t, func() {
		_, err := talk(t, Client{Bar: true}, t.TempDir(), relay(t, server.addr, cutAfter(4+80+16)), "get hello.txt")
		assert.Error(t, err)
	})
	assert.True(t, strings.HasSuffix(terminal, "\n"), terminal)
}
