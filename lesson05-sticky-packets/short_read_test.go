package sticky

import (
	"bytes"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cuts are where a frame is cut in two, and how frame_server.py ends for it. It
// takes recv(n) for n bytes.
var cuts = []struct {
	name   string
	after  int
	python string
}{
	{"in the 4 bytes", 2, "struct.error: unpack requires a buffer of 4 bytes"},
	{"in the header", 4 + 30, "json.decoder.JSONDecodeError: Unterminated string starting at: line 1 column 24 (char 23)"},
}

// D10. The second piece is sent only when the first has been read, so that the
// cut is certain.
func TestAHeaderInTwoPiecesEndsThePythonServer(t *testing.T) {
	whole := encode(t, message("message", "hello"))
	for _, cut := range cuts {
		t.Run(cut.name, func(t *testing.T) {
			server := startPython(t, "frame_server.py", "127.0.0.1:0")
			client := connect(t, server.listening(t))
			send(t, client, string(whole[:cut.after]))
			status, lines := server.exit(t)
			assert.Equal(t, 1, status)
			assert.Equal(t, cut.python, lines[len(lines)-1])
		})
	}
}

func TestTheGoServerReadsAFrameInAnyTwoPieces(t *testing.T) {
	server := startGo(t, "server", "-framing", "header", "-addr", "127.0.0.1:0")
	addr := server.listening(t)
	var whole bytes.Buffer
	require.NoError(t, framed(t, "header", &whole).write([]byte("hello")))
	for _, cut := range cuts {
		t.Run(cut.name, func(t *testing.T) {
			client := connect(t, addr)
			assert.Equal(t, here(client)+" connected", server.line(t))
			send(t, client, whole.String()[:cut.after])
			other := connect(t, addr) // who comes after the first piece
			assert.Equal(t, here(other)+" connected", server.line(t))
			send(t, client, whole.String()[cut.after:])
			assert.Equal(t, here(client)+` received 5 bytes: "hello"`, server.line(t))
			require.NoError(t, client.Close())
			assert.Equal(t, here(client)+" closed its side: EOF", server.line(t))
			require.NoError(t, other.Close())
			assert.Equal(t, here(other)+" closed its side: EOF", server.line(t))
		})
	}
}

// A pipe hands over what one Write wrote, and holds nothing: each piece is read
// before the next is sent.
func TestAFrameCutAnywhereIsReadWhole(t *testing.T) {
	var whole bytes.Buffer
	require.NoError(t, framed(t, "header", &whole).write([]byte("hello")))
	for cut := 1; cut < whole.Len(); cut++ {
		client, server := net.Pipe()
		go func() {
			client.Write(whole.Bytes()[:cut])
			client.Write(whole.Bytes()[cut:])
		}()
		msg, err := framed(t, "header", server).read()
		require.NoError(t, err)
		assert.Equal(t, "hello", string(msg), "cut after byte %d", cut)
		client.Close()
	}
}

// The same mistake with the body: recv returns what is there.
func TestABodyInTwoPiecesIsTornByThePythonServer(t *testing.T) {
	whole := encode(t, message("message", "hello"))
	server := startPython(t, "frame_server.py", "127.0.0.1:0")
	client := connect(t, server.listening(t))
	assert.Contains(t, server.line(t), "client: ")
	send(t, client, string(whole[:len(whole)-3]))
	assert.Contains(t, server.line(t), "received: 2 b'he' {'file_name'")
	send(t, client, string(whole[len(whole)-3:]))
	status, lines := server.exit(t)
	assert.Equal(t, 1, status, "it takes the rest for a length")
	assert.Equal(t, "struct.error: unpack requires a buffer of 4 bytes", lines[len(lines)-1])
}
