package loops

import (
	"bytes"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSendingAnEmptyMessageSendsNothing(t *testing.T) {
	ln := listen(t)
	client := connect(t, ln.Addr().String())
	conn := asServer(t, ln)
	send(t, client, "")
	send(t, client, "next")
	buf := make([]byte, 1024)
	n, err := conn.Read(buf)
	require.NoError(t, err)
	assert.Equal(t, "next", string(buf[:n]), "the first read returns for the first byte, and that is of the second message")
}

// D2. The test is the server. That a Python client waits in recv is to be seen:
// what is pushed to it unasked, it shows as an answer.
func TestAnEmptyLineLeavesThePythonClientsWaitingAndNotTheGoClient(t *testing.T) {
	for name, nothing := range map[string]string{"naive_client.py": "", "echo_client.py": " \t "} {
		t.Run(name, func(t *testing.T) {
			ln := listen(t)
			client := startPython(t, name, ln.Addr().String())
			conn := asServer(t, ln)
			client.typeLine(t, nothing)
			client.typeLine(t, "next") // read only once the wait is over
			send(t, conn, "unasked")
			assert.Contains(t, client.line(t), "unasked", "shown as the answer to nothing")
			receive(t, conn, "next") // the first bytes that ever arrive
		})
	}
	t.Run("Go", func(t *testing.T) {
		ln := listen(t)
		client := startGo(t, "client", "-addr", ln.Addr().String())
		conn := asServer(t, ln)
		client.typeLine(t, "")
		client.typeLine(t, "next")
		receive(t, conn, "next") // and nobody has pushed anything
		send(t, conn, "NEXT")
		assert.Contains(t, client.line(t), "connected: local ")
		assert.Equal(t, `received "NEXT"`, client.line(t))
	})
}

func TestTheRepairedClientsPassOverEmptyLines(t *testing.T) {
	start := map[string]func(t *testing.T, addr string) *program{
		"Go":     func(t *testing.T, addr string) *program { return startGo(t, "client", "-addr", addr) },
		"Python": func(t *testing.T, addr string) *program { return startPython(t, "upper_client.py", addr) },
	}
	for name, start := range start {
		t.Run(name, func(t *testing.T) {
			server := serve(t, Server{})
			client := start(t, server.addr)
			for _, line := range []string{"", "", "hello", "", "bye"} {
				client.typeLine(t, line)
			}
			require.NoError(t, client.stdin.Close())
			client.exit(t)
			var heard bytes.Buffer
			for range 4 {
				_, event, _ := strings.Cut(server.shown.line(t), " ")
				heard.WriteString(event + "\n")
			}
			assert.Equal(t, "connected\nreceived \"hello\"\nreceived \"bye\"\nclosed its side: EOF\n", heard.String())
		})
	}
}

func TestSendEmptySaysWhyNothingComesAndGoesOn(t *testing.T) {
	server := serve(t, Server{})
	client := startGo(t, "client", "-addr", server.addr, "-send-empty", "-timeout", "1s")
	client.typeLine(t, "")
	client.typeLine(t, "hello")
	require.NoError(t, client.stdin.Close())
	status, lines := client.exit(t)
	assert.Zero(t, status)
	assert.Equal(t, []string{
		"no answer: an empty message puts nothing on the wire, so nothing has arrived to be answered (" +
			server.addr + " was silent for 1s: i/o timeout)",
		`received "HELLO"`,
	}, lines[1:])
}

func TestSendEmptyEndsWhenTheServerLeavesMeanwhile(t *testing.T) {
	ln := listen(t)
	client := Client{SendEmpty: true, Timeout: patience}
	talked := make(chan error, 1)
	conn, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	go func() { talked <- client.Talk(conn, strings.NewReader("\n\n"), new(bytes.Buffer)) }()
	require.NoError(t, asServer(t, ln).Close())
	select {
	case err := <-talked:
		assert.ErrorContains(t, err, "EOF")
	case <-time.After(patience):
		require.Fail(t, "the client still waits")
	}
	err = client.Talk(conn, strings.NewReader("\n"), new(bytes.Buffer)) // Talk has closed conn
	assert.ErrorIs(t, err, net.ErrClosed)
}
