//go:build unix

package loops

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A Write that succeeds has copied its bytes into the kernel's send buffer, and
// no more. What becomes of them, only an answer can tell.
func TestASendThatSucceedsHasDeliveredNothing(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	client, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	defer client.Close()
	peer, err := ln.Accept()
	require.NoError(t, err)
	require.NoError(t, peer.Close())

	require.NoError(t, client.SetDeadline(time.Now().Add(time.Minute)))
	_, err = client.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF, "the peer has closed, and the client knows")
	n, err := client.Write([]byte("is anybody there?"))
	assert.NoError(t, err, "the first write succeeds all the same")
	assert.Equal(t, 17, n)
	for err == nil { // the peer's kernel answers with RST, which takes a moment
		_, err = client.Write([]byte("?"))
	}
	assert.True(t, errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET), "%v", err)
}

const sendTwice = `
import socket, sys
client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
client.settimeout(60)
assert client.recv(1) == b""
print("first:", client.send(b"is anybody there?"))
try:
    while True:
        client.send(b"?")
except (BrokenPipeError, ConnectionResetError, ConnectionAbortedError) as e:
    print("then:", type(e).__name__)
`

func TestASendThatSucceedsHasDeliveredNothingInPythonEither(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	go func() {
		if peer, err := ln.Accept(); err == nil {
			peer.Close()
		}
	}()
	_, port, err := net.SplitHostPort(ln.Addr().String())
	require.NoError(t, err)
	assert.Regexp(t, `^first: 17\nthen: (BrokenPipe|ConnectionReset|ConnectionAborted)Error\n$`, runPython(t, sendTwice, port))
}

// runPython runs a few lines of Python and returns what they print.
func runPython(t *testing.T, script string, args ...string) string {
	t.Helper()
	python, err := findPython()
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("needs Python, which is not here: ", err)
	}
	require.NoError(t, err)
	output, err := exec.CommandContext(t.Context(), python, append([]string{"-c", script}, args...)...).CombinedOutput()
	require.NoError(t, err, "%s", output)
	return string(output)
}
