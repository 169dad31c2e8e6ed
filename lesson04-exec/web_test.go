package remote

import (
	"context"
	"crypto/tls"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An attack sends segments to a server of its own, and claims that the server
// has dropped it, answered nothing and run nothing. Every command in them would
// leave a file in the server's directory.
func attack(t *testing.T, why string, segments ...string) {
	t.Helper()
	dir := t.TempDir()
	server := serve(t, Server{Dir: dir})
	conn := connect(t, server.addr)
	for _, segment := range segments {
		if _, err := conn.Write([]byte(segment)); err != nil {
			break // dropped already
		}
	}
	receiveEnd(t, conn)
	assert.Equal(t, here(conn)+" connected", server.shown.line(t))
	assert.Equal(t, here(conn)+" dropped: "+why, server.shown.line(t), "the first event, so that nothing has run")
	require.NoError(t, server.stop())
	assert.Empty(t, server.shown)
	untouched(t, dir)
}

// untouched claims that no command has left a file in dir.
func untouched(t *testing.T, dir string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, files)
}

func TestAWebPagesRequestRunsNothingInWhateverForm(t *testing.T) {
	const headers = "Host: 127.0.0.1:8081\r\nOrigin: https://a.page\r\nContent-Type: text/plain\r\n"
	const notText, http = "a command is one line of printable text", "this is a web browser's request, and no command"
	attack(t, notText, "POST / HTTP/1.1\r\n"+headers+"Content-Length: 12\r\n\r\ntouch pwned\n")
	attack(t, notText, "GET /;touch${IFS}pwned;# HTTP/1.1\r\n"+headers+"\r\n")
	attack(t, notText, "touch&pwned / HTTP/1.1\r\n"+headers+"\r\n") // a page can name the method too
	attack(t, "a command has at most 1024 bytes", "GET /;touch${IFS}pwned;#"+strings.Repeat("x", 2000)+" HTTP/1.1\r\n"+headers+"\r\n")
	attack(t, http, "GET /;touch${IFS}pwned;#"+strings.Repeat("x", 1000)) // fills the first read
	for _, method := range methods {
		attack(t, http, method+" /;touch${IFS}pwned HTTP/1.1")
	}
}

var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}

func TestAWebPagesRequestRunsNothingInPlainEither(t *testing.T) {
	needsUnix(t)
	dir := t.TempDir()
	addr := startSide(t, "plain", "server", "127.0.0.1:0").listening(t)
	requests := []string{"touch&touch\t" + dir + "/pwned / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"}
	for _, method := range methods {
		requests = append(requests, method+" /;touch${IFS}"+dir+"/pwned;#"+strings.Repeat("x", 1000))
	}
	for _, request := range requests {
		conn := connect(t, addr)
		send(t, conn, request)
		receiveEnd(t, conn)
		untouched(t, dir)
	}
	assert.Equal(t, "HTTP\n", answer(t, addr, "echo HTTP"))
}

// Wherever the first segment ends, it gives the request away.
func TestAWebPagesRequestInPiecesRunsNothing(t *testing.T) {
	request := "POST /;touch${IFS}pwned;# HTTP/1.1"
	for cut := 1; cut < len(request); cut++ {
		attack(t, "this is a web browser's request, and no command", request[:cut], request[cut:])
	}
}

func TestAnHTTPClientAndTheHelloOfTLSRunNothing(t *testing.T) {
	dir := t.TempDir()
	server := serve(t, Server{Dir: dir})
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	web := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for _, method := range []string{"GET", "POST", "OPTIONS"} {
		request, err := http.NewRequestWithContext(ctx, method, "http://"+server.addr+"/;touch${IFS}pwned", strings.NewReader("touch pwned\n"))
		require.NoError(t, err)
		answer, err := web.Do(request)
		if err == nil {
			answer.Body.Close()
		}
		assert.Error(t, err, method)
	}
	assert.Error(t, tls.Client(connect(t, server.addr), &tls.Config{ServerName: "127.0.0.1"}).HandshakeContext(ctx))
	require.NoError(t, server.stop())
	close(server.shown)
	for line := range server.shown {
		assert.NotContains(t, line, " runs ")
	}
	untouched(t, dir)
}
