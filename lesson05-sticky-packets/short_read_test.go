package sticky

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// small is a frame with as little around its body as there can be.
var small = headed(`{"file_size":2,"file_name":"","md5":""}`) + "hi"

// receivers read whole frames, and how each says that a stream has ended inside
// one.
var receivers = []struct {
	server party
	frame  string
	torn   string
}{
	{inPython("prefix"), "\x00\x00\x00\x02hi", "EOFError: the stream ended inside a "},
	{inPlainGo("prefix"), "\x00\x00\x00\x02hi", "unexpected EOF"},
	{inPlainGo("frame"), small, "unexpected EOF"},
}

// D10. The second piece is sent only when the first has been read, so that the
// cut is certain.
func TestAHeaderInTwoPiecesEndsThePythonServer(t *testing.T) {
	whole := string(encode(t, message("message", "hello")))
	for after, says := range map[int]string{
		2:      "struct.error: unpack requires a buffer of 4 bytes",
		4 + 30: "json.decoder.JSONDecodeError: Unterminated string starting at: line 1 column 24 (char 23)",
	} {
		server, addr := startServer(t, inPython("frame"))
		send(t, connect(t, addr), whole[:after])
		status, lines := server.exit(t)
		assert.Equal(t, 1, status, "cut after byte %d", after)
		assert.Equal(t, says, lines[len(lines)-1])
	}
}

// The same mistake with the body: recv returns what is there.
func TestABodyInTwoPiecesIsTornByThePythonServer(t *testing.T) {
	whole := string(encode(t, message("message", "hello")))
	server, addr := startServer(t, inPython("frame"))
	client := connect(t, addr)
	assert.Contains(t, server.line(t), "client: ")
	send(t, client, whole[:len(whole)-3])
	assert.Contains(t, server.line(t), "received: 2 b'he' {'file_name'")
	send(t, client, whole[len(whole)-3:])
	status, lines := server.exit(t)
	assert.Equal(t, 1, status, "it takes the rest for a length")
	assert.Equal(t, "struct.error: unpack requires a buffer of 4 bytes", lines[len(lines)-1])
}

// Each frame but the first begins in the same send as the one before it ends, at
// every place in turn. When the end of that one has been shown, the server is at
// the beginning of this one.
func TestPlainAndTheLessonsOwnReadAFrameInAnyTwoPieces(t *testing.T) {
	for _, receiver := range append(receivers, struct {
		server      party
		frame, torn string
	}{lessonsOwn("header"), small, ""}) {
		t.Run(receiver.server.name+fmt.Sprintf(" %q", receiver.frame[:2]), func(t *testing.T) {
			server, addr := startServer(t, receiver.server)
			client := connect(t, addr)
			rest := receiver.frame
			for cut := range receiver.frame {
				send(t, client, rest+receiver.frame[:cut])
				for len(shownOf([]string{server.line(t)})) == 0 {
				}
				rest = receiver.frame[cut:]
			}
			for _, c := range rest + receiver.frame { // and a byte at a time
				send(t, client, string(c))
			}
			require.NoError(t, client.CloseWrite())
			assert.Equal(t, []string{"2 hi", "2 hi"}, shownOf(served(t, server)))
		})
	}
}

// The end right after a length is the one that io.ReadFull does not tell from a
// good-bye: it has read nothing yet.
func TestAnEndAtAnyByteInsideAFrameIsAFailureOfThePlainServersToo(t *testing.T) {
	for _, receiver := range receivers {
		t.Run(receiver.server.name+fmt.Sprintf(" %q", receiver.frame[:2]), func(t *testing.T) {
			for cut := range receiver.frame {
				server, addr := startServer(t, receiver.server)
				client := connect(t, addr)
				send(t, client, receiver.frame+receiver.frame[:cut])
				require.NoError(t, client.CloseWrite())
				status, lines := server.exit(t)
				assert.Equal(t, []string{"2 hi"}, shownOf(lines), "what came before is whole")
				if cut == 0 {
					assert.Zero(t, status)
					continue
				}
				assert.Equal(t, 1, status, "cut after byte %d", cut)
				assert.Contains(t, lines[len(lines)-1], receiver.torn, "cut after byte %d", cut)
			}
		})
	}
}

func TestAResetInsideAFrameIsNoEndToThePlainServers(t *testing.T) {
	needsUnix(t)
	for _, receiver := range receivers[1:] {
		server, addr := startServer(t, receiver.server)
		client := connect(t, addr)
		send(t, client, receiver.frame+receiver.frame[:len(receiver.frame)-1])
		for len(shownOf([]string{server.line(t)})) == 0 {
		}
		reset(t, client)
		status, lines := server.exit(t)
		assert.Equal(t, 1, status)
		assert.Contains(t, lines[len(lines)-1], "connection reset by peer")
	}
}

// Each of the lengths is announced, and nothing more is sent: who believed it
// would wait. What is as long as it may be is read.
func TestThePlainServersCheckALengthBeforeTheyBelieveIt(t *testing.T) {
	const rest = `,"file_name":"","md5":""}`
	longest := `{"file_size":1048576` + rest
	longest += strings.Repeat(" ", 64<<10-len(longest))
	for _, c := range []struct {
		server           party
		longest, tooLong string
		says             string
	}{
		{inPython("prefix"), "\x00\x10\x00\x00" + xs(1<<20), "\x00\x10\x00\x01", "a message of 1048577 bytes is too long"},
		{inPlainGo("prefix"), "\x00\x10\x00\x00" + xs(1<<20), "\x00\x10\x00\x01", "a message of 1048577 bytes is too long"},
		{inPlainGo("prefix"), "", "\xff\xff\xff\xff", "a message of 4294967295 bytes is too long"},
		{inPlainGo("frame"), headed(longest) + xs(1<<20), lengthOf(64<<10 + 1), "a header of 65537 bytes is too long"},
		{inPlainGo("frame"), "", lengthOf(-1), "a header of 4294967295 bytes is too long"},
		{inPlainGo("frame"), "", headed(`{"file_size":1048577` + rest), "a body of 1048577 bytes is not to be had"},
		{inPlainGo("frame"), "", headed(`{"file_size":-1` + rest), "a body of -1 bytes is not to be had"},
		{inPlainGo("frame"), "", headed("hello"), "invalid character 'h'"},
	} {
		server, addr := startServer(t, c.server)
		client := connect(t, addr)
		send(t, client, c.longest+c.tooLong)
		status, lines := server.exit(t)
		assert.Equal(t, 1, status)
		assert.Contains(t, lines[len(lines)-1], c.says)
		assert.Equal(t, c.longest != "", len(shownOf(lines)) == 1, "%s", lines)
	}
}
