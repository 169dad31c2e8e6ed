package transfer

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestManyFilesComeOverOneConnectionOneAfterAnother(t *testing.T) {
	server, download := serve(t, new(Server), t.TempDir()), t.TempDir()
	var requests []string
	for i := range 200 {
		name := fmt.Sprint("file ", i)
		write(t, server.dir, name, random(i*i))
		requests = append(requests, "get "+name)
	}
	_, err := talk(t, Client{}, download, server.addr, requests...)
	require.NoError(t, err)
	assert.True(t, equal(files(t, server.dir), files(t, download)))
	require.NoError(t, server.stop())
	close(server.shown)
	connected := 0
	for line := range server.shown {
		if strings.HasSuffix(line, " connected\n") {
			connected++
		}
	}
	assert.Equal(t, 1, connected)
}

func TestAfterAnErrorTheConnectionLivesOn(t *testing.T) {
	server, download := serve(t, new(Server), shared(t)), t.TempDir()
	shown, err := talk(t, Client{}, download, server.addr,
		"get nosuch", "get poems", "nonsense", "get ../escape", "", "   ", "get", "  get hello.txt  ", "get nosuch/either")
	assert.EqualError(t, err, `"nosuch/either": the server says "no such file"`, "the last error decides the exit status")
	lines := strings.Split(shown, "\n")
	assert.Equal(t, []string{
		`not fetched: "nosuch": the server says "no such file"`,
		`not fetched: "poems": the server says "not a regular file"`,
		`not fetched: not a request: say "get NAME" or "list"`,
		`not fetched: not the name of a shared file: "../escape"`,
		`not fetched: not a request: say "get NAME" or "list"`,
		`"hello.txt": 32 bytes, md5 is right`,
		`not fetched: "nosuch/either": the server says "no such file"`,
		``,
	}, lines[1:])
	assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, download))
	server.shown.until(t, "refused: no such file")
	server.shown.until(t, "refused: not a regular file")
}

func TestTheClientAsksOnAfterFailureAndStillFailsAtTheEnd(t *testing.T) {
	server := serve(t, new(Server), shared(t))
	_, err := talk(t, Client{}, t.TempDir(), server.addr, "get nosuch", "get hello.txt")
	assert.ErrorContains(t, err, "no such file")
	_, err = talk(t, Client{}, t.TempDir(), server.addr, "get hello.txt")
	assert.NoError(t, err)
}

func TestALineThatIsTooLongEndsTheClient(t *testing.T) {
	server := serve(t, new(Server), shared(t))
	_, err := talk(t, Client{}, t.TempDir(), server.addr, "get "+strings.Repeat("x", 1<<17))
	assert.ErrorContains(t, err, "token too long")
}

func TestThousandsOfGetsOfOneFileAtOnceAreAllRight(t *testing.T) {
	nothingLeft(t)
	server := serve(t, new(Server), t.TempDir())
	content := random(100_000)
	write(t, server.dir, "popular", content)
	var clients sync.WaitGroup
	right := make(chan int, 200)
	for range cap(right) {
		clients.Go(func() {
			conn, err := net.Dial("tcp", server.addr)
			if !assert.NoError(t, err) {
				return
			}
			defer conn.Close()
			got := make([]byte, len(content))
			for n := range 15 {
				io.WriteString(conn, "get popular")
				if _, err := readHeader(conn); !assert.NoError(t, err) {
					return
				}
				if _, err := io.ReadFull(conn, got); !assert.NoError(t, err) {
					return
				}
				if !assert.True(t, bytes.Equal([]byte(content), got), "get %d", n) {
					return
				}
				right <- 1
			}
		})
	}
	total := 0
	go func() { clients.Wait(); close(right) }()
	for range right {
		total++
	}
	assert.Equal(t, 3000, total)
}

func TestTwoProgramsThatFetchTheSameFileToTheSamePlaceDoNotMixIt(t *testing.T) {
	server, download := serve(t, new(Server), t.TempDir()), t.TempDir()
	content := random(1_000_000)
	write(t, server.dir, "big", content)
	goOn, out := make(chan struct{}), make(shown, 10)
	slow := relay(t, server.addr, func(answer net.Conn, server io.Reader) {
		io.CopyN(answer, server, 600_000)
		select {
		case <-goOn:
		case <-t.Context().Done():
		}
		io.Copy(answer, server)
	})
	var first sync.WaitGroup
	conn := connect(t, slow)
	client := Client{Root: openRoot(t, download), Out: out}
	first.Go(func() { assert.NoError(t, client.Talk(conn, strings.NewReader("get big"))) })
	out.until(t, "50%")
	for range 2 {
		_, err := talk(t, Client{Force: true}, download, server.addr, "get big")
		assert.ErrorContains(t, err, `"big" is on its way already`)
	}
	close(goOn)
	first.Wait()
	assert.True(t, equal(map[string]string{"big": content}, files(t, download)))
}
