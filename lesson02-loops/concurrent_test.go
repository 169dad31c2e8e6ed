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

// D19. The first client says nothing. Where it holds the server, what the second has
// sent is not even looked at until the first has left.
func TestASilentClientHoldsEveryServerThatIsNotConcurrent(t *testing.T) {
	for _, name := range []string{"upper_server.py", "naive_server.py", "upper_server", "server"} {
		t.Run(name, func(t *testing.T) {
			server := startAt(t, name, "127.0.0.1:0")
			addr := server.listening(t)
			silent, second := connect(t, addr), connect(t, addr)
			send(t, second, strings.Repeat("q", 1500))
			for range 100 { // it is the first that is listened to
				roundTrip(t, silent)
			}
			shown := server.nextLines(t, 101)
			assert.Contains(t, shown[0], portOf(silent))
			for _, line := range shown[1:] {
				assert.Regexp(t, `b?['"]hello['"]$`, line)
			}
			reset(t, silent) // the one end that naive_server.py notices
			receive(t, second, strings.Repeat("Q", 1500))
			for _, size := range []int{1024, 476} { // all has come long ago: a read takes what fits
				line := server.line(t)
				for !strings.Contains(line, "qqq") {
					line = server.line(t)
				}
				assert.Equal(t, size, strings.Count(line, "q"))
			}
		})
	}
	for _, name := range []string{"greet_server.py", "greet_server"} {
		t.Run(name, func(t *testing.T) {
			server := startAt(t, name, "127.0.0.1:0")
			addr := server.listening(t)
			silent, second := connect(t, addr), connect(t, addr)
			send(t, second, "me too")
			receive(t, silent, "hello I am server,welcome")
			send(t, silent, "at last")
			receive(t, second, "hello I am server,welcome")
			for _, shown := range []string{portOf(silent), "at last", portOf(second), "me too"} {
				assert.Contains(t, server.line(t), shown)
			}
		})
	}
	for _, name := range []string{"concurrent_server", "server -concurrent"} {
		t.Run(name, func(t *testing.T) {
			addr := startAt(t, name, "127.0.0.1:0").listening(t)
			silent := connect(t, addr)
			for range 3 {
				client := connect(t, addr)
				roundTrip(t, client)
				require.NoError(t, client.Close())
			}
			roundTrip(t, silent)
		})
	}
}

// portOf is conn's own port.
func portOf(conn net.Conn) string { return fmt.Sprint(conn.LocalAddr().(*net.TCPAddr).Port) }

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

func TestAThousandClientsAtOnceEachGetTheirOwnAnswers(t *testing.T) {
	before := goleak.IgnoreCurrent()
	server := serve(t, Server{Concurrent: true, Log: &failingWriter{}})
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
