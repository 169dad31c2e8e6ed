package udp

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryServerTalksToEveryClient(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		server := startSide(t, kind, "server", "127.0.0.1:0")
		addr := server.listening(t)
		for _, clientKind := range kinds {
			t.Run(kind+" server and "+clientKind+" client", func(t *testing.T) {
				meet(t, kind, server, addr, clientKind)
			})
		}
		t.Run(kind+" server and every byte", func(t *testing.T) {
			client, _ := bind(t)
			every := make([]byte, 256)
			for i := range every {
				every[i] = byte(i)
			}
			say(t, client, string(every), at(addr))
			copy(every['a':], "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
			assert.Equal(t, string(every), heard(t, client), "26 bytes change, 230 do not")
		})
	}
}

// meet lets a client talk to a server, and compares what each of them shows and
// what passes between them.
func meet(t *testing.T, serverKind string, server *program, addr, clientKind string) {
	r := relayTo(t, addr, nil)
	client := startSide(t, clientKind, "client", r.addr.String())
	var sent, answered []string
	for _, msg := range []string{"hello", "", "a b", "你好", `"quoted" \ back`, "\tblanks  ", "ALREADY"} {
		client.typeLine(t, msg)
		if clientKind != "own" {
			msg = strings.TrimSpace(msg)
		}
		upper := strings.ToUpper(msg) // no letters but ASCII's here
		sent, answered = append(sent, msg), append(answered, upper)
		line := client.line(t)
		if clientKind == "Python" { // which shows the bytes of what is not ASCII
			assert.Contains(t, line, fmt.Sprintf("' ('127.0.0.1', %d)", r.addr.Port()))
		} else {
			assert.Equal(t, showsAnswer(clientKind, upper, r.addr), line)
		}
		if line := server.line(t); serverKind != "Python" {
			assert.True(t, strings.HasSuffix(line, fmt.Sprintf("%q", msg)), line)
		}
	}
	toServer, toClient := r.received()
	assert.Equal(t, sent, toServer, "the datagrams the server received")
	assert.Equal(t, answered, toClient, "the datagrams the client received")
}

func TestAPlainClientAlwaysShowsItsPromptAndEndsWithItsInput(t *testing.T) {
	addr := serve(t, nil)
	client := goProgram(t, "upper_client", addr.String())
	client.Stdin = strings.NewReader("hello\n")
	output, err := client.Output()
	assert.NoError(t, err)
	assert.Equal(t, fmt.Sprintf(">>> %s\n>>> ", showsAnswer("plain", "HELLO", addr)), string(output))

	client = goProgram(t, "upper_client", addr.String())
	client.Stdin = strings.NewReader(strings.Repeat("a", 70_000))
	output, err = client.CombinedOutput()
	assert.EqualError(t, err, "exit status 1")
	assert.Contains(t, string(output), "token too long")
}

func TestEveryProgramHasTheOriginalsAddressByDefault(t *testing.T) {
	for _, file := range []string{
		"python/upper_server.py", "plain/upper_server/main.go", "server/main.go",
		"python/upper_client.py", "plain/upper_client/main.go", "client/main.go",
	} {
		source, err := os.ReadFile(filepath.FromSlash(file))
		require.NoError(t, err)
		assert.Contains(t, string(source), `"127.0.0.1:8080"`, file)
	}
}
