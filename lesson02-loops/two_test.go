package loops

import (
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTwoSocketsInOneProgramAreTwoClients(t *testing.T) {
	for name, start := range map[string]func(t *testing.T, addr string) *program{
		"Go":     func(t *testing.T, addr string) *program { return startGo(t, "client", "-two", "-addr", addr) },
		"Python": func(t *testing.T, addr string) *program { return startPython(t, "two_client.py", addr) },
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, Server{Greet: true})
			client := start(t, server.addr)
			status, lines := client.exit(t)
			assert.Zero(t, status)
			first, second := heard(t, server), heard(t, server)
			assert.Equal(t, `received "hihi I am client"`, first.said)
			assert.Equal(t, `received "client send use sock2"`, second.said)
			assert.NotEqual(t, first.peer, second.peer, "each socket has a port of its own")
			if name == "Go" {
				assert.Equal(t, []string{
					"connected: local " + first.peer + ", remote " + server.addr,
					`received "hello I am server,welcome"`,
					"connected: local " + second.peer + ", remote " + server.addr,
					`received "hello I am server,welcome"`,
				}, lines)
			}
		})
	}
}

func TestTheFirstSocketIsOpenUntilTheSecondHasBeenUsed(t *testing.T) {
	var events []string
	dial := func() (net.Conn, error) {
		client, server := net.Pipe()
		name := fmt.Sprint("socket ", len(events)/2+1)
		events = append(events, name+" connects")
		go func() {
			defer server.Close()
			server.Write([]byte("hello I am server,welcome"))
			server.Read(make([]byte, 512))
		}()
		return &eventConn{client, name, &events}, nil
	}
	require.NoError(t, new(Client).GreetTwice(dial, io.Discard))
	assert.Equal(t, []string{
		`socket 1 connects`, `socket 1 sends "hihi I am client"`,
		`socket 2 connects`, `socket 2 sends "client send use sock2"`,
		`socket 2 closes`, `socket 1 closes`,
	}, events)
}

// An eventConn notes what is done with it.
type eventConn struct {
	net.Conn
	name   string
	events *[]string
}

func (c *eventConn) Write(msg []byte) (int, error) {
	*c.events = append(*c.events, fmt.Sprintf("%s sends %q", c.name, msg))
	return c.Conn.Write(msg)
}

func (c *eventConn) Close() error {
	*c.events = append(*c.events, c.name+" closes")
	return c.Conn.Close()
}

func TestAClientThatIsNotGreetedSaysSo(t *testing.T) {
	for name, args := range map[string][]string{"one": {"-exchange", "greet"}, "two": {"-two"}} {
		t.Run(name, func(t *testing.T) {
			ln := listen(t)
			client := startGo(t, "client", append(args, "-addr", ln.Addr().String())...)
			require.NoError(t, asServer(t, ln).Close())
			status, lines := client.exit(t)
			assert.Equal(t, 1, status)
			assert.Equal(t, "client: EOF; the other side has closed the connection: look at its last lines", lines[len(lines)-1])
		})
	}
}

func TestAClientWhoseSecondSocketIsNotGreetedSaysSo(t *testing.T) {
	ln := listen(t)
	client := startGo(t, "client", "-two", "-addr", ln.Addr().String())
	first := asServer(t, ln)
	send(t, first, "hello")
	require.NoError(t, asServer(t, ln).Close())
	receive(t, first, "hihi I am client")
	status, lines := client.exit(t)
	assert.Equal(t, 1, status)
	assert.Contains(t, lines[len(lines)-1], "client: EOF; ")
}

func TestAGreetedClientSaysItsOneMessageAndCloses(t *testing.T) {
	ln := listen(t)
	client := startGo(t, "client", "-exchange", "greet", "-addr", ln.Addr().String())
	conn := asServer(t, ln)
	send(t, conn, "hello I am server,welcome")
	receive(t, conn, "hihi I am client")
	receiveEOF(t, conn)
	status, lines := client.exit(t)
	assert.Zero(t, status)
	assert.Equal(t, []string{
		"connected: local " + conn.RemoteAddr().String() + ", remote " + ln.Addr().String(),
		`received "hello I am server,welcome"`,
	}, lines)
}
