package udp

import (
	"context"
	"fmt"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// onSocket calls f with conn's file descriptor.
func onSocket(t testing.TB, conn *net.UDPConn, f func(fd int) error) error {
	t.Helper()
	raw, err := conn.SyscallConn()
	require.NoError(t, err)
	var result error
	require.NoError(t, raw.Control(func(fd uintptr) { result = f(int(fd)) }))
	return result
}

// hearRefusals lets conn, though it is not connected, learn of the datagrams it
// has sent to nobody. It is how a test makes a read fail.
func hearRefusals(t testing.TB, conn *net.UDPConn) {
	t.Helper()
	require.NoError(t, onSocket(t, conn, func(fd int) error {
		return syscall.SetsockoptInt(fd, syscall.IPPROTO_IP, syscall.IP_RECVERR, 1)
	}))
}

func TestTheServerServesOnAfterAnErrorAndPausesLongerEachTime(t *testing.T) {
	conn, addr := bind(t)
	hearRefusals(t, conn)
	dead := nobody(t)
	client, clientAddr := bind(t)
	lines := serveShowing(t, conn)
	fail := func(pause string) {
		t.Helper()
		say(t, conn, "to nobody", dead) // the refusal is the server's next event
		assert.Equal(t, "cannot receive a datagram, trying again in "+pause+
			": read udp4 "+addr.String()+": recvfrom: connection refused", await(t, lines))
	}
	begin := time.Now()
	for range 2 { // the second time from the start: a datagram has come in between
		fail("2ms")
		fail("4ms")
		fail("8ms")
		say(t, client, "hello", addr)
		assert.Equal(t, "HELLO", heard(t, client))
		assert.Equal(t, clientAddr.String()+` received "hello"`, await(t, lines))
	}
	assert.GreaterOrEqual(t, time.Since(begin), 2*(2+4+8)*time.Millisecond, "it has kept to what it said")
}

func TestAServerInAPauseIsStopped(t *testing.T) {
	conn, addr := bind(t)
	require.NoError(t, conn.SetDeadline(time.Time{}))
	hearRefusals(t, conn)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ended := make(chan error, 1)
	var lines []string
	log := writerFunc(func(line string) { lines = append(lines, line); stop() }) // just before the pause
	say(t, conn, "to nobody", nobody(t))
	go func() { ended <- (&Server{Log: log}).Serve(ctx, conn) }()
	assert.NoError(t, await(t, ended), addr)
	assert.Len(t, lines, 1)
}

func TestTheServerServesOnWhenItCannotAnswer(t *testing.T) {
	conn, addr := bind(t)
	err := onSocket(t, conn, func(fd int) error { return syscall.Shutdown(fd, syscall.SHUT_WR) })
	require.ErrorIs(t, err, syscall.ENOTCONN, "and yet it can send no more")
	lines := serveShowing(t, conn)
	client, clientAddr := bind(t)
	for _, msg := range []string{"one", "two"} {
		say(t, client, msg, addr)
		assert.Equal(t, fmt.Sprintf("%v received %q", clientAddr, msg), await(t, lines))
		assert.Equal(t, fmt.Sprintf("cannot answer: write udp4 %v->%v: sendto: broken pipe", addr, clientAddr), await(t, lines))
	}
}

// TestALateAnswerCostsARefusal shows what a port of its own for each try puts
// on the wire: the answer that comes too late is refused.
func TestALateAnswerCostsARefusal(t *testing.T) {
	server, addr := bind(t)
	hearRefusals(t, server)
	shown, err := talk(Client{Timeout: time.Nanosecond}, addr, "hello")
	require.Error(t, err, shown)
	_, gone := hear(t, server)
	say(t, server, "too late", gone)
	_, _, err = server.ReadFromUDPAddrPort(make([]byte, 10))
	assert.ErrorIs(t, err, syscall.ECONNREFUSED)
}

func TestAPlainServerDoesNotNoticeThatItsAnswerIsRefused(t *testing.T) {
	for _, language := range []string{"Go", "Python"} {
		t.Run(language+" server", func(t *testing.T) {
			server := startSide(t, language, "server", "127.0.0.1:0")
			addr := resolve(t, server.listening(t))
			stop, cont := server.cmd.Process.Signal(syscall.SIGSTOP), func() error { return server.cmd.Process.Signal(syscall.SIGCONT) }
			require.NoError(t, stop)
			gone, _ := bind(t)
			say(t, gone, "too early", addr)
			require.NoError(t, gone.Close()) // before the server can answer
			require.NoError(t, cont())
			client, _ := bind(t)
			say(t, client, "hello", addr)
			assert.Equal(t, "HELLO", heard(t, client))
			assert.Contains(t, server.line(t), "too early", "it has received, answered, and served on")
			assert.Contains(t, server.line(t), "hello")
		})
	}
}
