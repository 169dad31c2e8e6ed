package loops

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestAGoroutinePerClientServesBothAtOnce(t *testing.T) {
	server := serve(t, Server{Concurrent: true})
	first, second := connect(t, server.addr), connect(t, server.addr)
	for range 100 { // turn by turn, neither leaves
		roundTrip(t, first)
		roundTrip(t, second)
	}
}

// D19. The first client says nothing. What the second has sent is not even
// looked at until the first has left.
func TestASilentClientHoldsThePythonServersAndNotTheConcurrentGoServer(t *testing.T) {
	for _, name := range []string{"upper_server.py", "naive_server.py"} {
		t.Run(name, func(t *testing.T) {
			server := startPython(t, name, "127.0.0.1:0")
			addr := server.listening(t)
			silent := connect(t, addr)
			assert.Equal(t, "client: "+pythonAddr(silent), server.line(t))
			second := connect(t, addr)
			send(t, second, "me too")
			for range 100 { // it is this one that is listened to
				roundTrip(t, silent)
				assert.Equal(t, "message from the client: b'hello'", server.line(t))
			}
			reset(t, silent) // the one end that naive_server.py notices
			receive(t, second, "ME TOO")
			assert.Equal(t, "client: "+pythonAddr(second), server.line(t))
		})
	}
	t.Run("Go", func(t *testing.T) {
		server := startGo(t, "server", "-concurrent", "-addr", "127.0.0.1:0")
		addr := server.listening(t)
		silent := connect(t, addr)
		assert.Equal(t, here(silent)+" connected", server.line(t))
		for range 3 {
			client := connect(t, addr)
			roundTrip(t, client)
			require.NoError(t, client.Close())
			assert.Equal(t, []string{
				here(client) + " connected", here(client) + ` received "hello"`, here(client) + " closed its side: EOF",
			}, server.nextLines(t, 3))
		}
		roundTrip(t, silent)
	})
}

// pythonAddr is conn's own address as Python prints it.
func pythonAddr(conn net.Conn) string {
	host, port, _ := net.SplitHostPort(here(conn))
	return fmt.Sprintf("('%s', %s)", host, port)
}

// In a bubble nothing moves any more once synctest.Wait returns: what has not
// happened by then will not happen.
func TestNoMoreThanMaxClientsAreServedAtOnceAndTheNextWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(Server{Concurrent: true, MaxClients: 2})
		first, second, third := server.dial(), server.dial(), server.dial()
		go third.Write([]byte("hello"))
		roundTrip(t, first)
		roundTrip(t, second)
		synctest.Wait()
		assert.Len(t, server.shown, 4, "two have connected, two messages have come")
		require.NoError(t, first.Close())
		receive(t, third, "HELLO")
		roundTrip(t, second)
		second.Close()
		third.Close()
		server.stop(t)
	})
}

func TestWithoutALimitAThousandAreServedAtOnceAndTheNextWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(Server{Concurrent: true})
		clients := make([]net.Conn, 1001)
		for i := range clients {
			clients[i] = server.dial()
		}
		synctest.Wait()
		assert.Len(t, server.shown, 1000)
		clients[0].Close()
		synctest.Wait()
		assert.Len(t, server.shown, 1002, "one has closed, one has connected")
		for _, client := range clients {
			client.Close()
		}
		server.stop(t)
	})
}

func TestMaxClientsIsALimitOfTheProgramAndNobodyIsLost(t *testing.T) {
	server := startGo(t, "server", "-concurrent", "-max-clients", "1", "-addr", "127.0.0.1:0")
	addr := server.listening(t)
	var clients []net.Conn
	for range 5 {
		client := connect(t, addr)
		send(t, client, "hello")
		clients = append(clients, client)
	}
	for _, client := range clients {
		receive(t, client, "HELLO")
		require.NoError(t, client.Close())
		assert.Equal(t, []string{
			here(client) + " connected", here(client) + ` received "hello"`, here(client) + " closed its side: EOF",
		}, server.nextLines(t, 3))
	}
}

func TestAThousandClientsAtOnceEachGetTheirOwnAnswers(t *testing.T) {
	before := goleak.IgnoreCurrent()
	server := serve(t, Server{Concurrent: true, Log: discarding{}})
	var clients sync.WaitGroup
	var allConnected sync.WaitGroup
	allConnected.Add(1000)
	for i := range 1000 {
		clients.Go(func() { // whatever fails in here is reported, not required: FailNow is the test's own
			conn, err := net.DialTimeout("tcp", server.addr, patience)
			allConnected.Done()
			if !assert.NoError(t, err) {
				return
			}
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(patience))
			allConnected.Wait()
			for turn := range 10 {
				msg := fmt.Sprintf("client %d, message %d", i, turn)
				answer := make([]byte, len(msg))
				_, err := conn.Write([]byte(msg))
				assert.NoError(t, err)
				_, err = io.ReadFull(conn, answer)
				assert.NoError(t, err)
				assert.Equal(t, strings.ToUpper(msg), string(answer))
			}
		})
	}
	clients.Wait()
	require.NoError(t, server.stop())
	goleak.VerifyNone(t, before) // not one goroutine is left
}

// discarding is a terminal that nobody can see.
type discarding struct{}

func (discarding) Write([]byte) (int, error) { return 0, net.ErrClosed }
