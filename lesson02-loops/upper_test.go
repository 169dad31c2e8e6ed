package loops

import (
	"bytes"
	"net"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// allBytes are the 256 values a byte can have.
func allBytes() string {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return string(all)
}

// inCapitals is what the echo has to make of msg, written another way: in ASCII
// a small letter is its capital and the bit of 32.
func inCapitals(msg string) string {
	answer := []byte(msg)
	for _, letter := range []byte("abcdefghijklmnopqrstuvwxyz") {
		answer = bytes.ReplaceAll(answer, []byte{letter}, []byte{letter &^ 32})
	}
	return string(answer)
}

func TestEveryServerChangesThe26ASCIILettersAndNoOtherOfThe256Values(t *testing.T) {
	for _, name := range []string{"upper_server.py", "upper_server", "concurrent_server", "server"} {
		client := connect(t, startAt(t, name, "127.0.0.1:0").listening(t))
		send(t, client, allBytes())
		receive(t, client, allBytes()['\x00':'a']+"ABCDEFGHIJKLMNOPQRSTUVWXYZ"+allBytes()['{':])
	}
}

func TestTheStandardLibrarysToUpperIsAnotherFunction(t *testing.T) {
	for msg, answer := range map[string]string{
		"\u00e9":     "\u00c9",       // letters beyond ASCII change too
		"\u0131":     "I",            // and with them the length
		"\xff":       "\ufffd",       // what is not UTF-8 becomes the replacement character: 3 bytes for 1
		"\u8d70"[:2]: "\ufffd\ufffd", // and so does a character that a read has cut
	} {
		assert.Equal(t, answer, string(bytes.ToUpper([]byte(msg))))
		assert.Equal(t, msg, inCapitals(msg), "Python's upper, and this lesson's")
	}
}

func TestTextCutAnywhereByAReadComesBackWhole(t *testing.T) {
	const text = "stra\u00dfe, \u8d70\u4e86, na\u00efve \U0001f40d"
	require.True(t, utf8.ValidString(text))
	for cut := range len(text) {
		whole := echoInPieces(t, text[:cut], text[cut:])
		assert.Equal(t, inCapitals(text), whole, "cut after byte %d", cut)
	}
}

// echoInPieces sends each piece to the message loop over a pipe, where one Write
// is one Read if it fits the buffer, and returns what comes back.
func echoInPieces(t testing.TB, pieces ...string) string {
	t.Helper()
	client, server := net.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- answer(server) }()
	go func() {
		for _, piece := range pieces {
			client.Write([]byte(piece)) // fails if the loop has ended, which is seen below
		}
	}()
	var answer []byte
	for _, piece := range pieces {
		part := make([]byte, len(piece))
		for n := 0; n < len(part); {
			read, err := client.Read(part[n:])
			require.NoError(t, err)
			n += read
		}
		answer = append(answer, part...)
	}
	client.Close()
	<-ended
	return string(answer)
}

func FuzzTheEchoReturnsEveryByte(f *testing.F) {
	f.Add([]byte("hello"), 2)
	f.Add([]byte("\u8d70\u4e86"), 1)
	f.Add([]byte(allBytes()), 128)
	f.Add(bytes.Repeat([]byte("long "), 1000), 3)
	f.Fuzz(func(t *testing.T, msg []byte, cut int) {
		cut = max(0, min(cut, len(msg)))
		assert.Equal(t, inCapitals(string(msg)), echoInPieces(t, string(msg[:cut]), string(msg[cut:])))
	})
}
