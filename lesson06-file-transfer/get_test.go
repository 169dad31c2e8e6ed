package transfer

import (
	"bytes"
	"io"
	"maps"
	"net"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestANameMayHaveBlanksAnyLettersAndDirectories(t *testing.T) {
	server, download := serve(t, new(Server), t.TempDir()), t.TempDir()
	names := []string{"a name with blanks", "  two before", "诗/套接字.txt", "a/b/c/d", "é", "-force", "get x", "semi;colon", ".hidden", "..almost", strings.Repeat("long", 60)}
	if runtime.GOOS != "windows" { // which keeps these letters for itself
		names = append(names, `"quoted"`, "tab\tbed", "a:b", "what?*", "\x1b[2J")
	}
	var requests []string
	for _, name := range names {
		write(t, server.dir, name, "this is "+name)
		requests = append(requests, "get "+name)
	}
	_, err := talk(t, Client{}, download, server.addr, requests...)
	require.NoError(t, err)
	assert.Equal(t, files(t, server.dir), files(t, download))
}

func TestAFileHasItsNameOnlyWhenItIsComplete(t *testing.T) {
	download := t.TempDir()
	addr := asServer(t, func(conn *net.TCPConn) {
		heard(conn)
		writeHeader(conn, header{FileName: "hello.txt", MD5: helloMD5, FileSize: 32})
		io.WriteString(conn, hello[:16])
		heard(conn) // nothing: waits until the client has left
	})
	client := startGo(t, "client", "-addr", addr, "-dir", download, "get", "hello.txt")
	client.line(t) // connected
	assert.Equal(t, `"hello.txt": 50% of 32 bytes`, client.line(t))
	during := files(t, download)
	assert.NotContains(t, during, "hello.txt")
	assert.Equal(t, map[string]string{".hello.txt." + helloMD5 + ".part": hello[:16]}, during)
}

func TestAFileThatExistsIsReplacedOnlyWithForce(t *testing.T) {
	server, download := serve(t, new(Server), shared(t)), t.TempDir()
	write(t, download, "hello.txt", "mine")
	shown, err := talk(t, Client{}, download, server.addr, "get hello.txt")
	assert.EqualError(t, err, `"hello.txt" is here already: -force replaces it`)
	assert.Contains(t, shown, `not fetched: "hello.txt" is here already: -force replaces it`)
	assert.Equal(t, map[string]string{"hello.txt": "mine"}, files(t, download))
	shown, err = talk(t, Client{Force: true}, download, server.addr, "get hello.txt")
	assert.NoError(t, err)
	assert.Contains(t, shown, `"hello.txt": 32 bytes, md5 is right`)
	assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, download))
}

func TestAFileThatComesIntoBeingMeanwhileIsNotReplaced(t *testing.T) {
	for _, force := range []bool{false, true} {
		server, download := serve(t, new(Server), shared(t)), t.TempDir()
		link := relay(t, server.addr, func(answer net.Conn, server io.Reader) {
			io.CopyN(answer, server, 100)
			write(t, download, "hello.txt", "mine")
			io.Copy(answer, server)
		})
		shown, err := talk(t, Client{Force: force}, download, link, "get hello.txt", "get poems/套接字.txt")
		if force {
			assert.NoError(t, err)
			assert.Equal(t, hello, files(t, download)["hello.txt"])
			continue
		}
		assert.ErrorContains(t, err, `"hello.txt" has come into being meanwhile: -force replaces it`)
		assert.Contains(t, shown, `"poems/套接字.txt": 51 bytes, md5 is right`, "the connection lives on")
		assert.Equal(t, "mine", files(t, download)["hello.txt"])
		assert.Equal(t, hello, files(t, download)[partName("hello.txt", helloMD5)], "what came is kept")
	}
}

// A lastConn hands over all there is to read together with io.EOF.
type lastConn struct {
	net.Conn
	answer io.Reader
}

func (c lastConn) Read(buf []byte) (int, error) { return c.answer.Read(buf) }

func TestBytesThatComeTogetherWithTheEndCount(t *testing.T) {
	conn, server := net.Pipe()
	defer server.Close()
	go io.Copy(io.Discard, server)
	var answer, out bytes.Buffer
	writeHeader(&answer, header{FileName: "hello.txt", MD5: helloMD5, FileSize: 32})
	answer.WriteString(hello)
	client := Client{Root: openRoot(t, t.TempDir())}
	assert.NoError(t, client.Talk(lastConn{conn, iotest.DataErrReader(&answer)}, strings.NewReader("get hello.txt"), &out))
	assert.Contains(t, out.String(), "md5 is right")
}

func TestADirectoryInTheWayIsSaidInOneLine(t *testing.T) {
	server, download := serve(t, new(Server), shared(t)), t.TempDir()
	write(t, download, "poems", "a file")
	_, err := talk(t, Client{}, download, server.addr, "get poems/套接字.txt")
	assert.ErrorContains(t, err, "mkdirat poems")
	write(t, filepath.Join(download, "hello.txt"), "inside", "")
	_, err = talk(t, Client{Force: true}, download, server.addr, "get hello.txt")
	assert.Error(t, err)
	assert.Contains(t, files(t, download), "hello.txt/inside")
}

func TestALineThatIsTooLongEndsTheClient(t *testing.T) {
	server := serve(t, new(Server), shared(t))
	_, err := talk(t, Client{}, t.TempDir(), server.addr, "get "+strings.Repeat("x", 1<<17))
	assert.ErrorContains(t, err, "token too long")
}

func TestAThousandGetsOfOneFileAtOnceAreAllRight(t *testing.T) {
	nothingLeft(t)
	server := serve(t, new(Server), t.TempDir())
	content := random(100_000)
	write(t, server.dir, "popular", content)
	var clients sync.WaitGroup
	for range 100 {
		clients.Go(func() {
			conn, err := net.Dial("tcp", server.addr)
			if !assert.NoError(t, err) {
				return
			}
			defer conn.Close()
			got := make([]byte, len(content))
			for n := range 10 {
				io.WriteString(conn, "get popular")
				if _, err := readHeader(conn); !assert.NoError(t, err) {
					return
				}
				if _, err := io.ReadFull(conn, got); !assert.NoError(t, err) {
					return
				}
				if !assert.True(t, content == string(got), "get %d", n) {
					return
				}
			}
		})
	}
	clients.Wait()
}

func TestTwoProgramsThatFetchTheSameFileToTheSamePlaceDoNotMixIt(t *testing.T) {
	server, download := serve(t, new(Server), t.TempDir()), t.TempDir()
	content := random(1_000_000)
	write(t, server.dir, "big", content)
	goOn, out := make(chan struct{}), make(shown, 10)
	slow := relay(t, server.addr, func(answer net.Conn, server io.Reader) {
		io.CopyN(answer, server, 600_000)
		await(t, goOn)
		io.Copy(answer, server)
	})
	var first sync.WaitGroup
	conn := connect(t, slow)
	client := Client{Root: openRoot(t, download)}
	first.Go(func() { assert.NoError(t, client.Talk(conn, strings.NewReader("get big"), out)) })
	out.until(t, "50%")
	for range 2 {
		_, err := talk(t, Client{Force: true}, download, server.addr, "get big")
		assert.ErrorContains(t, err, `"big" is on its way already`)
	}
	close(goOn)
	first.Wait()
	assert.True(t, maps.Equal(map[string]string{"big": content}, files(t, download)))
}
