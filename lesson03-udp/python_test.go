package udp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
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

func TestAPlainClientEndsInGoodOrderAtTheEndOfItsInputOrSaysWhy(t *testing.T) {
	client := startSide(t, "plain", "client", serve(t, nil).String())
	client.typeLine(t, "hello")
	assert.Contains(t, client.line(t), `"HELLO"`)
	client.stdin.Close()
	status, _ := client.exit(t)
	assert.Zero(t, status)

	client = startSide(t, "plain", "client", serve(t, nil).String())
	client.typeLine(t, strings.Repeat("a", 70_000))
	status, lines := client.exit(t)
	assert.Equal(t, 1, status)
	assert.Contains(t, strings.Join(lines, " "), "token too long")
}
