package udp

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheServerAllocatesNothingForAMessage(t *testing.T) {
	exchange := exchanger(t)
	for range 10 { // until the buffers have the size they need
		exchange()
	}
	assert.Zero(t, testing.AllocsPerRun(200, exchange), "counted over server and client, with the journal showing")
}

func BenchmarkServerAllocations(b *testing.B) {
	exchange := exchanger(b)
	b.ReportAllocs()
	for b.Loop() {
		exchange()
	}
}

// exchanger returns a function that sends a message to a server whose journal
// goes to a file, and receives the answer.
func exchanger(t testing.TB) func() {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "journal"))
	require.NoError(t, err)
	t.Cleanup(func() { file.Close() })
	addr := serve(t, file)
	client, _ := bind(t)
	msg, buf := []byte("你好, hello, \x00"), make([]byte, 100)
	return func() {
		if _, err := client.WriteToUDPAddrPort(msg, addr); err != nil {
			panic(err)
		}
		if n, _, err := client.ReadFromUDPAddrPort(buf); err != nil || n != len(msg) {
			panic("no answer")
		}
	}
}
