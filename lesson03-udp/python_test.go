package udp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEveryServerTalksToEveryClient(t *testing.T) {
	messages := []string{"hello", "", "a b", "你好", `"quoted" \ back`, "\tblanks  ", "ALREADY"}
	for _, serverKind := range kinds {
		for _, clientKind := range kinds {
			t.Run(serverKind+" server and "+clientKind+" client", func(t *testing.T) {
				server := startSide(t, serverKind, "server", "127.0.0.1:0")
				r := relayTo(t, server.listening(t), nil)
				client := startSide(t, clientKind, "client", r.addr.String())
				var sent, answered []string
				for _, msg := range messages {
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
			})
		}
	}
}

func TestEveryServerChanges26BytesAndLeaves230Alone(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			addr := at(startSide(t, kind, "server", "127.0.0.1:0").listening(t))
			client, _ := bind(t)
			every := make([]byte, 256)
			for i := range every {
				every[i] = byte(i)
			}
			say(t, client, string(every), addr)
			copy(every['a':], "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
			assert.Equal(t, string(every), heard(t, client))
		})
	}
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
