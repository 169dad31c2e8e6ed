package wire

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// breakOff sends an RST.
func breakOff(t testing.TB, conn *net.TCPConn) {
	t.Helper()
	require.NoError(t, conn.SetLinger(0))
	require.NoError(t, conn.Close())
}

func TestAnRSTOfTheClientReachesTheServer(t *testing.T) {
	p := connected(t)
	send(t, p.client, "hello")
	receives(t, p.server, "hello")
	breakOff(t, p.client)
	receivesReset(t, p.server)
	p.ends(t)
	p.expects(t, 1, `client 1 → server, 5 bytes "hello"`, `client 1 → server, RST`)
}

func TestAnRSTOfTheServerReachesTheClient(t *testing.T) {
	p := connected(t)
	send(t, p.client, "hello")
	p.expects(t, 1, `client 1 → server, 5 bytes "hello"`)
	breakOff(t, p.server)
	receivesReset(t, p.client)
	p.expects(t, 1, `client 1 → server, 5 bytes "hello"`, `server → client 1, RST`)
}

func TestAnRSTAfterAFINIsNotWaitedForUntilTheNextByte(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows tells of it at the next write")
	}
	p := connected(t)
	require.NoError(t, p.server.Close())
	receivesEOF(t, p.client)
	send(t, p.client, "hello") // nobody is there: the server's kernel answers with an RST
	p.expects(t, 1, `server → client 1, FIN`, `client 1 → server, 5 bytes "hello"`, `server → client 1, RST`)
	for err := error(nil); err == nil; { // at the latest when its buffers are full
		if _, err = p.client.Write(make([]byte, 10_000)); err != nil {
			assert.Regexp(t, "reset|broken pipe", err.Error())
		}
	}
}

// The failed write of one pump takes the kernel's error away from the other,
// which reads EOF then, and this must not become a FIN.
func TestAnRSTIsNeverTakenForAFIN(t *testing.T) {
	for range 200 {
		p := connected(t)
		done := make(chan struct{})
		go func() {
			defer close(done)
			for err := error(nil); err == nil; {
				_, err = p.server.Write([]byte("more"))
			}
		}()
		send(t, p.client, "bye")
		breakOff(t, p.client)
		<-done
		last := len(p.of(1)) - 1
		assert.Equal(t, "client 1 → server, RST", p.of(1)[last])
		lines := strings.Join(p.of(1), "\n")
		assert.NotContains(t, lines, "FIN")
		if runtime.GOOS == "linux" { // others may drop with an RST what came before it
			assert.Contains(t, lines, `client 1 → server, 3 bytes "bye"`)
		}
		p.Close()
	}
}

// held keeps connections open that nobody uses any more.
var held []net.Conn

// beServer is a server that accepts a client and waits to be killed.
func beServer() {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		os.Exit(1)
	}
	fmt.Println(ln.Addr())
	for {
		conn, err := ln.Accept()
		if err != nil {
			os.Exit(1)
		}
		conn.Write([]byte("welcome")) // the test misses it
		held = append(held, conn)
	}
}

func TestAServerThatIsKilledEndsItsConnections(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "WIRE_TEST_SERVER=1")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	addr, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	r, w := relay(t, strings.TrimSpace(addr))
	client := dial(t, "tcp", r.Addr())
	receives(t, client, "welcome")
	require.NoError(t, cmd.Process.Kill())
	_, err = client.Read(make([]byte, 1))
	assert.Error(t, err)
	if runtime.GOOS != "windows" { // where it is an RST
		w.expects(t, 1, `server → client 1, 7 bytes "welcome"`, `server → client 1, FIN`)
	}
	assert.Error(t, cmd.Wait(), "it was not killed")
}

// Here each pump finds out by its write, and neither reads any more.
func TestTwoPumpsThatFailToWriteLeaveNoConnectionOpen(t *testing.T) {
	ln := listen(t)
	p := pair{witness: &witness{news: make(chan struct{}, 1)}}
	began, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	r, err := Listen(ln.Addr().String(), nil, func(e Event) {
		if e.Kind == Data {
			once.Do(func() { close(began) })
			<-release
		}
		p.witness.show(e)
	})
	require.NoError(t, err)
	defer r.Close()
	p.Relay = r
	p.client, p.server = p.another(t, ln)
	send(t, p.client, "hello")
	send(t, p.server, "HELLO")
	<-began
	breakOff(t, p.client)
	breakOff(t, p.server)
	close(release)
	p.ends(t)
	assert.Equal(t, 1, strings.Count(strings.Join(p.of(1), "\n"), "RST"), p.of(1))
}

func TestBothSidesBreakingOffAtOnceIsOneRST(t *testing.T) {
	for range 50 {
		p := connected(t)
		done := make(chan struct{})
		go func() { breakOff(t, p.server); close(done) }()
		breakOff(t, p.client)
		<-done
		p.until(t, func() bool { return len(p.of(1)) > 0 })
		p.Close()
		assert.Len(t, p.of(1), 1)
	}
}
