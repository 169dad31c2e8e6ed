package udp

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// bind returns a socket on a free port of this machine, and its address.
func bind(t testing.TB) (*net.UDPConn, netip.AddrPort) {
	t.Helper()
	return bindTo(t, "127.0.0.1:0")
}

func bindTo(t testing.TB, addr string) (*net.UDPConn, netip.AddrPort) {
	t.Helper()
	conn, err := listen(at(addr))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	return conn, addrOf(conn)
}

func at(addr string) netip.AddrPort { return netip.MustParseAddrPort(addr) }

func addrOf(conn *net.UDPConn) netip.AddrPort { return conn.LocalAddr().(*net.UDPAddr).AddrPort() }

// connectTo returns a connected socket.
func connectTo(t testing.TB, addr netip.AddrPort) *net.UDPConn {
	t.Helper()
	conn, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(addr))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	return conn
}

// say sends msg from conn in one datagram.
func say(t testing.TB, conn *net.UDPConn, msg string, to netip.AddrPort) {
	t.Helper()
	_, err := conn.WriteToUDPAddrPort([]byte(msg), to)
	require.NoError(t, err)
}

// hear returns the next datagram on conn and who sent it.
func hear(t testing.TB, conn *net.UDPConn) (string, netip.AddrPort) {
	t.Helper()
	buf := make([]byte, maxDatagram)
	n, sender, err := conn.ReadFromUDPAddrPort(buf)
	require.NoError(t, err)
	return string(buf[:n]), sender
}

// heard is hear where the sender does not matter.
func heard(t testing.TB, conn *net.UDPConn) string {
	t.Helper()
	msg, _ := hear(t, conn)
	return msg
}

// nobody returns an address where nobody receives, for as long as the test
// lasts: the port is taken, by a socket that hears a single other address.
func nobody(t testing.TB) netip.AddrPort {
	t.Helper()
	_, other := bind(t)
	return addrOf(connectTo(t, other))
}

// serve runs a Server for as long as the test lasts and returns its address.
func serve(t testing.TB, log io.Writer) netip.AddrPort {
	t.Helper()
	conn, addr := bind(t)
	serveOn(t, conn, log)
	return addr
}

func serveOn(t testing.TB, conn *net.UDPConn, log io.Writer) {
	t.Helper()
	stop, ended := serving(t, conn, log)
	t.Cleanup(func() {
		stop()
		assert.NoError(t, await(t, ended))
	})
}

// serving runs a Server on conn until stop is called, and then hands over what
// Serve has returned.
func serving(t testing.TB, conn *net.UDPConn, log io.Writer) (stop func(), ended <-chan error) {
	t.Helper()
	require.NoError(t, conn.SetDeadline(time.Time{}))
	ctx, stop := context.WithCancel(context.Background())
	result := make(chan error, 1)
	go func() { result <- (&Server{Log: log}).Serve(ctx, conn) }()
	return stop, result
}

// shown is what a Server shows, line by line.
type shown chan string

func (s shown) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		s <- strings.TrimSuffix(line, "\n")
	}
	return len(p), nil
}

// await returns what comes on c.
func await[T any](t testing.TB, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		require.Fail(t, "nothing came")
	}
	return v
}

// talk lets client send lines and returns what it shows.
func talk(client Client, server netip.AddrPort, lines ...string) (shown []string, err error) {
	var out strings.Builder
	err = client.Talk(server.String(), strings.NewReader(strings.Join(lines, "\n")+"\n"), &out)
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n"), err
}

// talking is talk while the test goes on.
func talking(client Client, server netip.AddrPort, lines ...string) <-chan []string {
	result := make(chan []string, 1)
	go func() {
		shown, _ := talk(client, server, lines...) // an error has been shown too
		result <- shown
	}()
	return result
}

// answer is the line that the client shows for an answer.
func answer(text string, from any) string { return fmt.Sprintf("received %q from %v", text, from) }

// needsUnix skips a test of what Windows does otherwise.
func needsUnix(t testing.TB) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows does this otherwise")
	}
}
