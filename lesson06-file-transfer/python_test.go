package transfer

import (
	"bytes"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pairings are who meets whom.
var pairings = []struct{ server, client string }{
	{"Go", "Go"}, {"Go", "Python"}, {"Python", "Go"}, {"Python", "Python"},
}

func TestEveryServerTalksToEveryClient(t *testing.T) {
	contents := map[string]string{
		"hello.txt": hello, "empty": "", "one": "1", "255": random(255), "256": random(256), "1025": random(1025),
		"lines": strings.Repeat("a line\n", 10_000), "no-lines": random(300_000), "诗.txt": "字节一个个来\n",
	}
	names := []string{"hello.txt", "empty", "one", "255", "256", "1025", "lines", "no-lines", "诗.txt", "hello.txt"}
	for _, pair := range pairings {
		t.Run(pair.server+" server and "+pair.client+" client", func(t *testing.T) {
			place := newPlace(t)
			for name, content := range contents {
				write(t, place.share, name, content)
			}
			server, addr := place.startServer(t, pair.server)
			w := tap(t, addr)
			client := place.startClient(t, pair.client, w.addr)
			var wanted []string
			for i, name := range names {
				if i == 9 && pair.client == "Go" {
					break // it would not replace the first hello.txt
				}
				client.typeLine(t, "get "+name)
				client.typeLine(t, "") // and an empty line, which is skipped
				wanted = append(wanted, name)
				place.waitFor(t, client, pair.client, name, contents[name])
			}
			require.NoError(t, client.stdin.Close())
			status, lines := client.exit(t)
			if pair.client == "Go" {
				assert.Zero(t, status)
				assert.Empty(t, lines)
			} else {
				assert.Contains(t, strings.Join(lines, "\n"), "EOFError", "Python's input at the end of the input")
			}
			serverGot, clientGot := w.received(t)
			assert.Equal(t, "get "+strings.Join(wanted, "get "), serverGot, "bytes the server received")
			answers := bytes.NewReader([]byte(clientGot))
			for _, name := range wanted {
				compareAnswer(t, answers, pair.server, name, contents[name])
			}
			assert.Zero(t, answers.Len(), "bytes the client received besides")
			assert.True(t, equal(contents, files(t, place.download)), "files the client has")
			server.line(t) // it has shown the client
		})
	}
}

// waitFor waits until the client shows that it has the file. Python shows all
// but the empty.
func (p place) waitFor(t *testing.T, client *program, language, name, content string) {
	t.Helper()
	want := `"` + name + `": `
	if language == "Python" {
		want = `'filename': '` + name + `'`
		if content != "" {
			want = "received: " + decimal(len(content))
		}
	}
	for line := ""; !strings.Contains(line, want) || strings.Contains(line, "%"); line = client.line(t) {
	}
}

func decimal(n int) string {
	text, _ := json.Marshal(n) // a number is always fine
	return string(text)
}

// compareAnswer compares one answer, decoded, with what it has to be.
func compareAnswer(t *testing.T, answers *bytes.Reader, server, name, content string) {
	t.Helper()
	h, err := readHeader(answers)
	require.NoError(t, err)
	want := header{FileName: name, MD5: md5Of(content), FileSize: int64(len(content))}
	if server == "Python" {
		want.MD5 = "xxdxxx"
	}
	assert.Equal(t, want, h)
	got := make([]byte, h.FileSize)
	_, err = io.ReadFull(answers, got)
	require.NoError(t, err)
	assert.True(t, content == string(got), "the content of %s", name)
}

func TestThePythonClientSavesAnErrorAsAFileAndAsksOn(t *testing.T) {
	place := newPlace(t)
	write(t, place.share, "hello.txt", hello)
	_, addr := place.startServer(t, "Go")
	client := place.startClient(t, "Python", addr)
	for _, line := range []string{"get nosuch", "get ../python/file_server.py", "nonsense", "get hello.txt"} {
		client.typeLine(t, line)
		for !strings.HasPrefix(client.line(t), "total: ") {
		}
	}
	require.NoError(t, client.stdin.Close())
	client.exit(t) // it has closed its files
	assert.Equal(t, map[string]string{"error.txt": errRequest.Error() + "\n", "hello.txt": hello}, files(t, place.download))
}

func TestThePythonClientSavesAListAsAFile(t *testing.T) {
	place := newPlace(t)
	write(t, place.share, "hello.txt", hello)
	_, addr := place.startServer(t, "Go")
	client := place.startClient(t, "Python", addr)
	client.typeLine(t, "list")
	for !strings.HasPrefix(client.line(t), "total: ") {
	}
	require.NoError(t, client.stdin.Close())
	client.exit(t)
	assert.JSONEq(t, `[{"name":"hello.txt","size":32}]`, files(t, place.download)["list.json"])
}

func TestAPythonServersPlaceholderIsNoChecksumAndTheFileIsTaken(t *testing.T) {
	place := newPlace(t)
	write(t, place.share, "hello.txt", hello)
	_, addr := place.startServer(t, "Python")
	client := startGo(t, "client", "-addr", addr, "-dir", place.download, "get", "hello.txt")
	status, lines := client.exit(t)
	assert.Zero(t, status)
	assert.Equal(t, `"hello.txt": 32 bytes, not checked: the server sent no md5`, lines[len(lines)-1])
	assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, place.download))
}

func TestAPythonServerThatFailsAtARequestIsReportedInOneLine(t *testing.T) {
	for _, request := range [][]string{{"list"}, {"get", "nosuch"}} {
		place := newPlace(t)
		server, addr := place.startServer(t, "Python")
		client := startGo(t, "client", append([]string{"-addr", addr, "-dir", place.download}, request...)...)
		status, lines := client.exit(t)
		assert.Equal(t, 1, status)
		require.Len(t, lines, 2, "connected, and the error")
		assert.Regexp(t, `^client: no answer to "`+strings.Join(request, " ")+`": .*; the other side .*: look at its last lines$`, lines[1])
		server.exit(t)
		assert.Empty(t, files(t, place.download))
	}
}

func TestThePythonClientNeedsTheDirectoriesToBeThere(t *testing.T) {
	server := serve(t, new(Server), shared(t))
	place := newPlace(t)
	client := place.startClient(t, "Python", server.addr)
	client.typeLine(t, "get poems/套接字.txt")
	_, lines := client.exit(t)
	assert.Contains(t, lines[len(lines)-1], "FileNotFoundError")
	assert.NoFileExists(t, filepath.Join(place.download, "poems"))
}
