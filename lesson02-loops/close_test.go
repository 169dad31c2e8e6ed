package loops

import (
	"io"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnEmptyReadMeansThePeerHasClosed(t *testing.T) {
	ln := listen(t)
	client := connect(t, ln.Addr().String())
	conn := asServer(t, ln)
	send(t, client, "last words")
	require.NoError(t, client.Close())

	receive(t, conn, "last words") // what was sent before the close still comes
	n, err := conn.Read(make([]byte, 1024))
	assert.Zero(t, n)
	assert.Equal(t, io.EOF, err, "Python: recv returns b''")
}

func TestEveryLaterReadIsEmptyToo(t *testing.T) {
	ln := listen(t)
	client := connect(t, ln.Addr().String())
	conn := asServer(t, ln)
	require.NoError(t, client.Close())
	for range 100 {
		receiveEOF(t, conn)
	}
}

func TestALoopThatIgnoresTheEmptyReadNeverEnds(t *testing.T) {
	turns := map[string]int{}
	for name, loop := range map[string]func(net.Conn) int{"naive": naiveLoop, "repaired": repairedLoop} {
		ln := listen(t)
		client := connect(t, ln.Addr().String())
		conn := asServer(t, ln)
		require.NoError(t, client.Close())
		turns[name] = loop(conn)
	}
	assert.Equal(t, map[string]int{"naive": enough, "repaired": 1}, turns)
}

// enough turns have been counted: the loop would go on for ever.
const enough = 100_000

// naiveLoop is the originals' message loop in Go: it takes an empty read for an
// empty message.
func naiveLoop(conn net.Conn) (turns int) {
	buf := make([]byte, 1024)
	for turns < enough {
		turns++
		n, err := conn.Read(buf)
		if err != nil && err != io.EOF {
			return turns
		}
		capitalize(buf[:n])
		if _, err := conn.Write(buf[:n]); err != nil {
			return turns
		}
	}
	return turns
}

// repairedLoop is the lesson's own.
func repairedLoop(conn net.Conn) (turns int) {
	counted := &countingConn{Conn: conn}
	upper(counted, newJournal(nil).client(conn.RemoteAddr())) // how it ends is another test's
	return counted.reads
}

// A countingConn counts its reads, and breaks when there have been enough.
type countingConn struct {
	net.Conn
	reads int
}

func (c *countingConn) Read(buf []byte) (int, error) {
	if c.reads == enough {
		return 0, net.ErrClosed
	}
	c.reads++
	return c.Conn.Read(buf)
}

// D1. The Python servers print an empty message for each turn of a loop that
// does not end, and no second client is served meanwhile or ever.
func TestAClientThatLeavesMakesThePythonServersSpinAndNotTheGoServer(t *testing.T) {
	for _, name := range []string{"naive_server.py", "echo_server.py"} {
		t.Run(name, func(t *testing.T) {
			server := startPython(t, name, "127.0.0.1:0")
			addr := server.listening(t)
			first := connect(t, addr)
			roundTrip(t, first)
			require.NoError(t, first.Close())
			send(t, connect(t, addr), "anybody there?")
			for empty := 0; empty < 5000; {
				line := server.line(t)
				require.NotContains(t, line, "anybody there?")
				if strings.HasSuffix(line, ": b''") {
					empty++
				}
			}
		})
	}
	t.Run("Go", func(t *testing.T) {
		server := startGo(t, "server", "-addr", "127.0.0.1:0")
		addr := server.listening(t)
		first := connect(t, addr)
		roundTrip(t, first)
		require.NoError(t, first.Close())
		second := connect(t, addr)
		roundTrip(t, second)
		assert.Equal(t, []string{
			here(first) + " connected",
			here(first) + ` received "hello"`,
			here(first) + " closed its side: EOF",
			here(second) + " connected",
			here(second) + ` received "hello"`,
		}, server.nextLines(t, 5))
	})
}

func TestTheRepairedPythonServerServesTheNextClientToo(t *testing.T) {
	server := startPython(t, "upper_server.py", "127.0.0.1:0")
	addr := server.listening(t)
	for range 2 {
		client := connect(t, addr)
		roundTrip(t, client)
		require.NoError(t, client.Close())
		assert.Contains(t, server.line(t), "client: ")
		assert.Equal(t, "message from the client: b'hello'", server.line(t))
	}
}
