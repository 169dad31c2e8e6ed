package basictcp

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Claims 4 and 6: recv(n) returns at most n bytes and the rest waits; the wire
// carries bytes, and a buffer can end inside a character.

func TestReadReturnsAtMostWhatFitsAndKeepsTheRest(t *testing.T) {
	server, client := connect(t)
	write(t, client, "hello")
	assert.Equal(t, "he", read(t, server, 2))
	assert.Equal(t, "ll", read(t, server, 2), "it waited in the kernel")
	assert.Equal(t, "o", read(t, server, 2), "fewer is no error")
}

func TestALongMessageIsCutWhereTheServersBufferEnds(t *testing.T) {
	for exchange, size := range map[string]int{"upper": 1024, "hello": 1024, "greet": 512, "ask": 1024} {
		server, client := connect(t)
		write(t, client, strings.Repeat("x", size)+"rest")
		var out strings.Builder
		require.NoError(t, Exchanges[exchange].Server(server, strings.NewReader("reply\n"), &out))
		assert.Contains(t, out.String(), fmt.Sprintf("received %q\n", strings.Repeat("x", size)), exchange)
		assert.Equal(t, "rest", read(t, server, 10), exchange)
	}
}

func TestALongReplyIsCutWhereTheClientsBufferEnds(t *testing.T) {
	for exchange, size := range map[string]int{"upper": 1024, "hello": 1024, "greet": 512, "ask": 1024} {
		server, client := connect(t)
		write(t, server, strings.Repeat("x", size)+"rest")
		var out strings.Builder
		require.NoError(t, Exchanges[exchange].Client(client, strings.NewReader("question\n"), &out))
		assert.Contains(t, out.String(), fmt.Sprintf("received %q\n", strings.Repeat("x", size)), exchange)
		assert.Equal(t, "rest", read(t, client, 10), exchange)
	}
}

func TestTextCrossesTheWireAsItsUTF8Bytes(t *testing.T) {
	server, client := connect(t)
	write(t, client, "走了")
	assert.Equal(t, "\xe8\xb5\xb0\xe4\xba\x86", read(t, server, 1024), "two characters, six bytes")
	assert.Equal(t, `b'\xe8\xb5\xb0\xe4\xba\x86'`, askPython(t, `print("走了".encode("utf-8"))`))
}

func TestAReadCanEndInsideACharacter(t *testing.T) {
	server, client := connect(t)
	write(t, client, "走了")
	part := read(t, server, 4)
	assert.False(t, utf8.ValidString(part), "one character and a third")
	assert.Contains(t, askPython(t, `"走了".encode("utf-8")[:4].decode("utf-8")`), "UnicodeDecodeError")
	assert.Equal(t, "走了", part+read(t, server, 4), "whole again with the next read")
}

func TestUpperLeavesEveryOtherByteAloneWhereBytesToUpperDoesNot(t *testing.T) {
	half := []byte("走了")[:4]
	assert.Equal(t, half, upper(half))
	assert.Equal(t, "走\uFFFD", string(bytes.ToUpper(half)), "what is not UTF-8 is replaced")
	assert.Equal(t, "ä", string(upper([]byte("ä"))))
	assert.Equal(t, "Ä", string(bytes.ToUpper([]byte("ä"))))
}

func TestAll256ByteValuesCrossUpperAsPythonSendsThem(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	answers := map[string][]byte{}
	for _, language := range []string{"Go", "Python"} {
		conn := dial(t, startSide(t, language, "upper", "server", "127.0.0.1:0").listening(t))
		write(t, conn, string(all))
		var err error
		answers[language], err = io.ReadAll(conn)
		require.NoError(t, err)
	}
	assert.Equal(t, answers["Python"], answers["Go"])
	changed := 0
	for i, c := range answers["Go"] {
		if c != byte(i) {
			changed++
		}
	}
	assert.Equal(t, 26, changed, "the ASCII letters")
	assert.Len(t, answers["Go"], 256)
}
