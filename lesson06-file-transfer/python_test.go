package transfer

import (
	"fmt"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryServerTalksToEveryClient(t *testing.T) {
	contents := map[string]string{
		"hello.txt": hello, "empty": "", "one": "1", "255": random(255), "256": random(256), "1025": random(1025),
		"lines": strings.Repeat("a line\n", 10_000), "no-lines": random(100_000), "诗.txt": "字节一个个来\n",
	}
	names := []string{"hello.txt", "empty", "one", "255", "256", "1025", "lines", "no-lines", "诗.txt"}
	for _, server := range kinds {
		for _, client := range kinds {
			t.Run(server+" server and "+client+" client", func(t *testing.T) {
				place := newPlace(t)
				for name, content := range contents {
					write(t, place.share, name, content)
				}
				_, addr := place.startServer(t, server)
				w := tap(t, addr)
				person := place.startClient(t, client, w.addr)
				for _, name := range names {
					person.typeLine(t, " get "+name+" ") // without the blanks
					person.typeLine(t, "")               // and an empty line, which is skipped
					waitFor(t, person, client, name, contents[name])
				}
				require.NoError(t, person.stdin.Close())
				status, lines := person.exit(t)
				assert.Equal(t, client == "Python", status == 1, "%q", lines) // whose end of input is an EOFError

				toServer, toClient := w.received(t)
				assert.Equal(t, "get "+strings.Join(names, "get "), toServer, "bytes the server received")
				answers := strings.NewReader(toClient)
				for _, name := range names {
					h, content := answered(t, answers)
					want := header{FileName: name, MD5: "xxdxxx", FileSize: int64(len(contents[name]))}
					if server == "own" {
						want.MD5 = md5Of(contents[name])
					}
					assert.Equal(t, want, h)
					assert.True(t, contents[name] == content, "the content of %s", name)
				}
				assert.Zero(t, answers.Len(), "bytes the client received besides")
				assert.Equal(t, contents, files(t, place.download), "files the client has")
			})
		}
	}
}

// waitFor waits until the client shows that it has the file.
func waitFor(t testing.TB, person *program, client, name, content string) {
	t.Helper()
	last := fmt.Sprintf(`"%s": %d bytes`, name, len(content))
	switch {
	case client == "own":
	case content != "":
		last = fmt.Sprintf("received: %d", len(content))
	case client == "plain":
		last = fmt.Sprintf(`filename: "%s"`, name)
	default:
		last = fmt.Sprintf(`'filename': '%s'`, name)
	}
	for !strings.Contains(person.line(t), last) {
	}
}

func TestTheTwinsClientsSaveAnErrorAsAFileAndAskOn(t *testing.T) {
	for _, kind := range []string{"Python", "plain"} {
		place := newPlace(t)
		write(t, place.share, "hello.txt", hello)
		_, addr := place.startServer(t, "own")
		client := place.startClient(t, kind, addr)
		for _, line := range []string{"get nosuch", "get ../python/file_server.py", "nonsense", "list", "get hello.txt"} {
			client.typeLine(t, line)
			for !strings.HasPrefix(client.line(t), "total: ") {
			}
		}
		require.NoError(t, client.stdin.Close())
		client.exit(t) // it has closed its files
		found := files(t, place.download)
		assert.JSONEq(t, `[{"name":"hello.txt","size":32}]`, found["list.json"])
		delete(found, "list.json")
		assert.Equal(t, map[string]string{"error.txt": errRequest.Error() + "\n", "hello.txt": hello}, found, kind)
	}
}

func TestAPlaceholderIsNoChecksumAndAResumptionIsAPlainGetToTheTwins(t *testing.T) {
	for _, kind := range []string{"Python", "plain"} {
		place := newPlace(t)
		write(t, place.share, "hello.txt", hello)
		write(t, place.download, partName("hello.txt", helloMD5), hello[:10])
		_, addr := place.startServer(t, kind)
		shown, err := talk(t, Client{Resume: true}, place.download, addr, "get hello.txt")
		assert.NoError(t, err)
		assert.Contains(t, shown, `"hello.txt": 32 bytes, not checked: the server sent no md5`)
		assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, place.download), kind)
	}
}

func TestAServerThatFailsAtARequestIsReportedInOneLine(t *testing.T) {
	for kind, request := range map[string]string{"Python": "get nosuch", "plain": "list"} {
		place := newPlace(t)
		_, addr := place.startServer(t, kind)
		args := append([]string{"-addr", addr, "-dir", place.download}, strings.Fields(request)...)
		status, lines := startGo(t, "client", args...).exit(t)
		assert.Equal(t, 1, status)
		require.Len(t, lines, 2, "connected, and the error")
		assert.Regexp(t, `^client: no answer to "`+request+`": .*; the other side .*: look at its last lines$`, lines[1])
		assert.Empty(t, files(t, place.download))
	}
}

func TestTheTwinsClientsNeedTheDirectoriesToBeThere(t *testing.T) {
	server := serve(t, new(Server), shared(t))
	for kind, complaint := range map[string]string{"Python": "FileNotFoundError", "plain": "openat poems"} {
		place := newPlace(t)
		client := place.startClient(t, kind, server.addr)
		client.typeLine(t, "get poems/套接字.txt")
		status, lines := client.exit(t)
		assert.Equal(t, 1, status)
		assert.Contains(t, lines[len(lines)-1], complaint)
		assert.NoFileExists(t, filepath.Join(place.download, "poems"))
	}
}

func TestThePlainClientShowsItsPromptAndWhatComes(t *testing.T) {
	server, place := serve(t, new(Server), shared(t)), newPlace(t)
	client := exec.Command(built(t, "file_client"), server.addr)
	client.Dir, client.Stdin = place.dir, strings.NewReader("get hello.txt\n")
	shown, err := client.CombinedOutput()
	require.NoError(t, err)
	assert.Equal(t, `>>> filename: "hello.txt", md5: "`+helloMD5+`", file_size: 32
total: 32, received: 32
>>> `, string(shown))
}

func TestThePlainClientChecksALengthAndASizeBeforeItBelievesThem(t *testing.T) {
	for answer, want := range map[string]string{
		"\xff\xff\xff\x7f": "no header of 2147483647 bytes",
		string(framed(`{"filename":"hello.txt","file_size":-1}`)): `not a header: "{\"filename\":\"hello.txt\",\"file_size\":-1}"`,
		string(framed(`{"filename":"hello.txt"}`)):                `not a header: "{\"filename\":\"hello.txt\"}"`,
	} {
		place := newPlace(t)
		status, last := place.fetch(t, "plain", asServer(t, func(conn *net.TCPConn) {
			heard(conn)
			io.WriteString(conn, answer)
			heard(conn) // nothing: waits until the client has left
		}))
		assert.Equal(t, 1, status)
		assert.Equal(t, want, last)
		assert.Empty(t, files(t, place.download))
	}
}
