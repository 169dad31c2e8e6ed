package remote

import (
	"bytes"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A Chinese Windows prints 走了 in GBK as these four bytes.
const (
	gbkCommand = `printf '\327\337\301\313\n'`
	gbkOutput  = "\xd7\xdf\xc1\xcb\n"
)

func TestOutputIsBytesInTheServersEncoding(t *testing.T) {
	server := serve(t, Server{})
	assert.Equal(t, gbkOutput, answer(t, server.addr, gbkCommand), "the server sends what the command printed, byte for byte")
	assert.Equal(t, "\xe8\xb5\xb0\xe4\xba\x86\n", answer(t, server.addr, "echo 走了"))
}

func TestTheClientReadsOutputInTheEncodingItIsToldOf(t *testing.T) {
	for _, x := range []struct{ encoding, output, shown string }{
		{"utf-8", "走了\n", "走了"},
		{"gbk", gbkOutput, "走了"},
		{"gb18030", gbkOutput, "走了"},
		{"gb18030", "\x81\x30\x81\x30", `\u0080`}, // four bytes that GBK does not have
		{"utf-8", gbkOutput, "����"},
		{"gbk", "走了\n", "璧颁簡"}, // what each shows of the other's text
		{"gbk", "plain\n", "plain"},
	} {
		encoding, err := EncodingByName(x.encoding)
		require.NoError(t, err)
		assert.Equal(t, x.shown, shownBy(t, Client{Encoding: encoding}, x.output), "%q as %s", x.output, x.encoding)
	}
	assert.Equal(t, "走了", shownBy(t, Client{}, "走了\n"), "UTF-8 when nothing is said")
	_, err := EncodingByName("latin1")
	assert.EqualError(t, err, `unknown encoding "latin1": choose utf-8, gbk or gb18030`)
}

func TestThePythonClientTakesEveryAnswerForGBK(t *testing.T) {
	server := serve(t, Server{})
	client := startPython(t, "command_client.py", server.addr)
	client.typeLine(t, gbkCommand)
	assert.Equal(t, []string{"=== has sent ===", "走了", ""}, client.nextLines(t, 3))
	client.typeLine(t, "echo 走了")
	assert.Equal(t, []string{"=== has sent ===", "璧颁簡", ""}, client.nextLines(t, 3), "UTF-8 read as GBK")
}

func TestTheClientProgramDecodesGBK(t *testing.T) {
	server := serve(t, Server{})
	client := startGo(t, "client", "-addr", server.addr, "-encoding", "gbk")
	client.typeLine(t, gbkCommand)
	assert.Contains(t, client.line(t), "connected: ")
	assert.Equal(t, "走了", client.line(t))
}

// shownBy returns what client shows of an answer, without its last line break.
func shownBy(t testing.TB, client Client, answer string) string {
	t.Helper()
	ln := listen(t)
	conn, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	server := asServer(t, ln)
	send(t, server, answer)
	var shown bytes.Buffer
	require.NoError(t, client.Talk(conn, strings.NewReader("a command\n"), &shown))
	_, text, _ := strings.Cut(shown.String(), "\n")
	return strings.TrimSuffix(text, "\n")
}
