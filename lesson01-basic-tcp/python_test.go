package basictcp

import (
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The programs in python/ and plain/, with each other and with the lesson's own
// pair, and what each makes of a client that leaves or is silent.

func TestEveryServerTalksToEveryClient(t *testing.T) {
	for _, x := range []struct {
		name, clientTypes, serverTypes string
		toServer, toClient             string // the bytes on the wire
		kinds                          []string
	}{
		{name: "upper", toServer: "hello", toClient: "HELLO", kinds: kinds},
		{name: "hello", toServer: "Hello Server!", toClient: "Hello,client!", kinds: kinds[:2]},
		{name: "greet", toServer: "hihi", toClient: "byebye", kinds: kinds[:2]},
		{name: "ask", clientTypes: "你好\n", serverTypes: "收到了\n", toServer: "你好", toClient: "收到了", kinds: kinds[:2]},
	} {
		for _, serverKind := range x.kinds {
			for _, clientKind := range x.kinds {
				t.Run(fmt.Sprintf("%s/%s server, %s client", x.name, serverKind, clientKind), func(t *testing.T) {
					t.Parallel()
					server := startSide(t, serverKind, x.name+"_server", "127.0.0.1:0")
					wire := tap(t, server.listening(t))
					client := startSide(t, clientKind, x.name+"_client", wire.addr)
					client.types(t, x.clientTypes)
					server.types(t, x.serverTypes)
					serverStatus, atServer := server.exit(t)
					clientStatus, atClient := client.exit(t)
					assert.Zero(t, serverStatus)
					assert.Zero(t, clientStatus)
					toServer, toClient := wire.received(t)
					assert.Equal(t, x.toServer, toServer)
					assert.Equal(t, x.toClient, toClient)
					assert.Contains(t, strings.Join(atServer, "\n"), x.toServer, "what the server shows")
					assert.Contains(t, strings.Join(atClient, "\n"), x.toClient, "what the client shows")
				})
			}
		}
	}
}

func TestTheGreetingComesBeforeAWordIsTyped(t *testing.T) {
	server := startGo(t, "greet_server", "127.0.0.1:0")
	telnet := dial(t, server.listening(t))
	assert.Equal(t, "byebye", read(t, telnet, 100))
	write(t, telnet, "hihi\r\n") // what telnet sends for a line and Enter
	status, lines := server.exit(t)
	assert.Zero(t, status)
	assert.Equal(t, `"hihi\r\n"`, lines[len(lines)-1])
}

func TestPythonAndPlainShowTheSameTwoAddresses(t *testing.T) {
	for kind, want := range map[string]string{
		"Python": "local address: ('127.0.0.1', %d)\nremote address: ('127.0.0.1', %d)\n<class 'tuple'>",
		"plain":  "local address: 127.0.0.1:%d\nremote address: 127.0.0.1:%d\n*net.TCPAddr",
	} {
		ln := listen(t)
		client := startSide(t, kind, "addresses", ln.Addr().String())
		conn := accept(t, ln)
		status, lines := client.exit(t)
		assert.Zero(t, status)
		remote, local := conn.RemoteAddr().(*net.TCPAddr), conn.LocalAddr().(*net.TCPAddr)
		assert.Equal(t, fmt.Sprintf(want, remote.Port, local.Port), strings.Join(lines, "\n"))
	}
}

func TestPlainAskPassesOverEmptyLinesAndEndsWithItsInput(t *testing.T) {
	ln := listen(t)
	client := startGo(t, "ask_client", ln.Addr().String())
	client.types(t, "\n\r\n  \n")
	conn := accept(t, ln)
	assert.Equal(t, "  ", read(t, conn, 100), "sending nothing would send nothing, and both sides would wait")
	write(t, conn, "answer")
	status, lines := client.exit(t)
	assert.Zero(t, status)
	assert.Equal(t, []string{`>>> >>> >>> the server says "answer"`}, lines)

	server := startGo(t, "ask_server", "127.0.0.1:0")
	client = startGo(t, "ask_client", server.listening(t))
	client.types(t, "anybody?\n")
	server.types(t, "\n")
	require.NoError(t, server.stdin.Close())
	status, lines = server.exit(t)
	assert.Zero(t, status)
	assert.Equal(t, []string{`the client says "anybody?"`, ">>> >>> "}, lines)
	status, lines = client.exit(t)
	assert.Equal(t, 1, status)
	assert.Equal(t, []string{">>> EOF"}, lines)

	client = startGo(t, "ask_client", ln.Addr().String())
	require.NoError(t, client.stdin.Close())
	status, _ = client.exit(t)
	assert.Zero(t, status)
	sent, err := io.ReadAll(accept(t, ln))
	require.NoError(t, err)
	assert.Empty(t, sent)
}

func TestPythonTakesAClientThatHasLeftForAnEmptyMessageAndGoDoesNot(t *testing.T) {
	for kind, want := range map[string]struct {
		status int
		shows  string
	}{
		"Python": {0, "message from the client: b''"},
		"plain":  {1, "EOF"},
		"own":    {1, ": EOF; the other side has closed the connection: look at its last lines"},
	} {
		server := startSide(t, kind, "upper_server", "127.0.0.1:0")
		require.NoError(t, dial(t, server.listening(t)).Close())
		status, lines := server.exit(t)
		assert.Equal(t, want.status, status, kind)
		assert.Contains(t, lines[len(lines)-1], want.shows, kind)
	}
}

// D19, for a client that never speaks.
func TestASilentClientHoldsThePythonAndThePlainServerAndNotTheLessonsOwn(t *testing.T) {
	held := map[string]*program{}
	silent := map[string]*net.TCPConn{}
	for _, kind := range kinds[:2] {
		held[kind] = startSide(t, kind, "upper_server", "127.0.0.1:0")
		silent[kind] = dial(t, held[kind].listening(t)) // and says nothing
		for !strings.HasPrefix(held[kind].line(t), "client address:") {
		}
	}

	own := startGo(t, "server", "-addr", "127.0.0.1:0", "-timeout", "50ms")
	dial(t, own.listening(t)) // and says nothing
	status, lines := own.exit(t)
	require.Equal(t, 1, status, "the lesson's own server has given up")
	assert.Contains(t, lines[len(lines)-1], " within 50ms: i/o timeout; -timeout sets how long to wait")

	for kind, server := range held {
		assert.Empty(t, server.lines, "%s has not: it still waits,", kind)
		write(t, silent[kind], "at last")
		assert.Equal(t, "AT LAST", read(t, silent[kind], 100), "for as long as the client likes")
	}
}

func TestTheDefaultAddressesAreTheOriginals(t *testing.T) {
	noticeSources()
	for program, port := range map[string]string{
		"upper_server": "8081", "upper_client": "8081", "addresses": "8081", "hello_server": "12345", "hello_client": "12345",
		"greet_server": "31500", "greet_client": "31500", "ask_server": "8000", "ask_client": "8000",
	} {
		files := []string{"python/" + program + ".py", "plain/" + program + "/main.go"}
		if side, ok := strings.CutPrefix(program, "upper_"); ok {
			files = append(files, side+"/main.go")
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Contains(t, string(source), `"127.0.0.1:`+port+`"`, file)
		}
	}
}
