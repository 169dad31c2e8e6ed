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

func TestOneSendIsOneReceive(t *testing.T) {
	server, addr := bind(t)
	client, _ := bind(t)
	for _, msg := range []string{"one", "two", "three"} { // all are there before the first is read
		say(t, client, msg, addr)
	}
	assert.Equal(t, "one", heard(t, server))
	assert.Equal(t, "two", heard(t, server))
	assert.Equal(t, "three", heard(t, server))
}

func TestEachDatagramHasAnAnswerOfItsOwn(t *testing.T) {
	for _, language := range []string{"Go", "Python"} {
		t.Run(language+" server", func(t *testing.T) {
			server := startSide(t, language, "server", "127.0.0.1:0")
			client, _ := bind(t)
			addr := resolve(t, server.listening(t))
			say(t, client, "one", addr)
			say(t, client, "two", addr) // without waiting
			assert.Equal(t, "ONE", heard(t, client))
			assert.Equal(t, "TWO", heard(t, client))
		})
	}
}

func TestADatagramLongerThanTheBufferIsCutAndTheRestIsLost(t *testing.T) {
	needsUnix(t)
	server, addr := bind(t)
	client, _ := bind(t)
	say(t, client, "hello, world", addr)
	say(t, client, "next", addr)
	buf := make([]byte, 5)
	n, _, err := server.ReadFromUDPAddrPort(buf)
	assert.NoError(t, err, "the cut is silent")
	assert.Equal(t, "hello", string(buf[:n]))
	n, _, err = server.ReadFromUDPAddrPort(buf)
	assert.NoError(t, err)
	assert.Equal(t, "next", string(buf[:n]), "TCP would hand over the rest: \", wor\"")
}

func TestOneByteMoreInTheBufferShowsACut(t *testing.T) {
	needsUnix(t)
	for _, size := range []int{0, 1, 1023, 1024, 1025, 1026, largest} {
		t.Run(fmt.Sprint(size, " bytes"), func(t *testing.T) {
			server := startGo(t, "server", "-addr", "127.0.0.1:0")
			client, _ := bind(t)
			say(t, client, strings.Repeat("a", size), resolve(t, server.listening(t)))
			assert.Equal(t, strings.Repeat("A", min(size, 1024)), heard(t, client), "it answers what it has")
			shown, cut := strings.CutSuffix(server.line(t), ", cut: the datagram was longer than the buffer")
			assert.Equal(t, size > 1024, cut)
			assert.True(t, strings.HasSuffix(shown, fmt.Sprintf(" received %q", strings.Repeat("a", min(size, 1024)))))
		})
	}
}

func TestThePythonServerCutsWithoutAWord(t *testing.T) {
	needsUnix(t)
	server := startPython(t, "upper_server.py", "127.0.0.1:0")
	client, _ := bind(t)
	addr := resolve(t, server.listening(t))
	say(t, client, strings.Repeat("a", 1025), addr)
	assert.Equal(t, strings.Repeat("A", 1024), heard(t, client))
	assert.Equal(t, "b'"+strings.Repeat("a", 1024)+"'", server.line(t))
	say(t, client, "next", addr)
	assert.Equal(t, "NEXT", heard(t, client), "the last byte is gone for good")
}

func TestTheClientSeesThatItsMessageWasCut(t *testing.T) {
	needsUnix(t)
	for _, language := range []string{"Go", "Python"} {
		t.Run(language+" server", func(t *testing.T) {
			addr := startSide(t, language, "server", "127.0.0.1:0").listening(t)
			client := startClient(t, addr)
			for _, size := range []int{1023, 1024, 1025, largest} {
				client.typeLine(t, strings.Repeat("a", size))
				want := fmt.Sprintf("received %q from %s", strings.Repeat("A", min(size, 1024)), addr)
				if size > 1024 {
					want += fmt.Sprintf(", cut: 1024 of %d bytes came back", size)
				}
				assert.Equal(t, want, client.line(t))
			}
		})
	}
}

func TestTheClientSeesThatAnAnswerIsLongerThanItsBuffer(t *testing.T) {
	needsUnix(t)
	server, addr := bind(t)
	client := startClient(t, addr.String())
	for _, size := range []int{1023, 1024, 1025, largest} {
		client.typeLine(t, "hello")
		_, sender := hear(t, server)
		say(t, server, strings.Repeat("a", size), sender)
		want := fmt.Sprintf("received %q from %v", strings.Repeat("a", min(size, 1024)), addr)
		if size > 1024 {
			want += ", cut: more than 1024 bytes came"
		}
		assert.Equal(t, want, client.line(t))
	}
}

func TestALineThatNoDatagramCanCarryIsAnError(t *testing.T) {
	addr := serve(t, nil)
	client := startClient(t, addr.String())
	client.typeLine(t, strings.Repeat("a", maxDatagram+1))
	status, lines := client.exit(t)
	assert.Equal(t, 1, status)
	require.Len(t, lines, 1)
	assert.Contains(t, lines[0], "a datagram carries at most 65507 bytes")
}

func TestNoDatagramIsLargerThanMaxDatagram(t *testing.T) {
	conn, addr := bind(t)
	_, err := conn.WriteToUDPAddrPort(make([]byte, maxDatagram+1), addr)
	assert.Error(t, err, "the kernel says: message too long")
	_, err = conn.WriteToUDPAddrPort(make([]byte, largest), addr)
	assert.NoError(t, err)
}
