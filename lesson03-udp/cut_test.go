package udp

import (
	"cmp"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// largest is the longest datagram that this system sends without being asked
// to allow more.
var largest = cmp.Or(map[string]int{"darwin": 9216}[runtime.GOOS], maxDatagram)

func TestOneByteMoreInTheBufferShowsACut(t *testing.T) {
	needsUnix(t)
	lines := make(shown, 10)
	addr := serve(t, lines)
	await(t, lines) // its address
	client, clientAddr := bind(t)
	for _, size := range []int{0, 1, 1023, 1024, 1025, 1026, largest} {
		say(t, client, strings.Repeat("a", size), addr)
		assert.Equal(t, strings.Repeat("A", min(size, 1024)), heard(t, client), "it answers what it has")
		received := "received"
		if size > 1024 {
			received = "received and cut"
		}
		assert.Equal(t, fmt.Sprintf("%v %s %q", clientAddr, received, strings.Repeat("a", min(size, 1024))), await(t, lines),
			"what the server shows of a datagram of %d bytes", size)
	}
}

func TestTheOthersCutWithoutAWordAndTheClientSeesIt(t *testing.T) {
	t.Parallel()
	needsUnix(t)
	for kind, quote := range map[string]string{"Python": "b'%s'", "plain": "%q"} {
		t.Run(kind, func(t *testing.T) {
			server := startSide(t, kind, "server", "127.0.0.1:0")
			addr := server.listening(t)
			for _, size := range []int{1023, 1024, 1025, largest} {
				lines, err := talk(Client{Timeout: patience}, at(addr), strings.Repeat("a", size))
				assert.NoError(t, err)
				want := answer(strings.Repeat("A", min(size, 1024)), addr)
				if size > 1024 { // the rest is gone for good: the next answer is the next message's
					want += fmt.Sprintf(", cut: 1024 of %d bytes came back", size)
				}
				assert.Equal(t, []string{want}, lines)
				assert.Equal(t, fmt.Sprintf(quote, strings.Repeat("a", min(size, 1024))), server.line(t))
			}
		})
	}
}

func TestTheClientCutsNoAnswer(t *testing.T) {
	server, addr := bind(t)
	lines := talking(Client{Timeout: patience}, addr, "hello")
	_, sender := hear(t, server)
	say(t, server, strings.Repeat("a", largest), sender)
	assert.Equal(t, []string{answer(strings.Repeat("a", largest), addr)}, await(t, lines))
}

func TestALineThatNoDatagramCanCarryIsAnError(t *testing.T) {
	lines, err := talk(Client{Timeout: patience}, serve(t, nil), "hello", strings.Repeat("a", maxDatagram+1))
	assert.ErrorContains(t, err, "a datagram carries at most 65507 bytes")
	assert.Len(t, lines, 1, "the answer to hello")

	conn, addr := bind(t)
	_, err = conn.WriteToUDPAddrPort(make([]byte, maxDatagram+1), addr)
	assert.Error(t, err, "the kernel says: message too long")
	_, err = conn.WriteToUDPAddrPort(make([]byte, largest), addr)
	require.NoError(t, err)
}
