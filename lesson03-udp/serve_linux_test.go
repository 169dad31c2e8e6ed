package udp

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestADatagramFromPortZeroEndsNoServer sends what nobody can answer: no
// datagram can go to port 0.
func TestADatagramFromPortZeroEndsNoServer(t *testing.T) {
	for _, kind := range []string{"plain", "own"} {
		t.Run(kind, func(t *testing.T) {
			server := startSide(t, kind, "server", "127.0.0.1:0")
			addr := at(server.listening(t))
			sayFromPortZero(t, "forged", addr)
			assert.Contains(t, server.line(t), "forged")
			assert.Contains(t, server.line(t), "invalid argument")
			client, _ := bind(t)
			say(t, client, "hello", addr)
			assert.Equal(t, "HELLO", heard(t, client))
		})
	}
}

// sayFromPortZero writes the header of UDP itself, which needs a privilege.
func sayFromPortZero(t testing.TB, msg string, to netip.AddrPort) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_RAW, syscall.IPPROTO_UDP)
	if err == syscall.EPERM {
		t.Skip("needs the right to forge a sender (CAP_NET_RAW)")
	}
	require.NoError(t, err)
	defer syscall.Close(fd)
	header := make([]byte, 8) // source port, destination port, length, checksum: 0 means none
	binary.BigEndian.PutUint16(header[2:], to.Port())
	binary.BigEndian.PutUint16(header[4:], uint16(len(header)+len(msg)))
	require.NoError(t, syscall.Sendto(fd, append(header, msg...), 0, &syscall.SockaddrInet4{Addr: to.Addr().As4()}))
}

// TestTheServerDoesNotAnswerItself needs no forging: what is sent from a
// socket on a broadcast address bears the address of its interface, here the
// server's, and the port is the server's too.
func TestTheServerDoesNotAnswerItself(t *testing.T) {
	lines := make(shown, 10)
	addr := serve(t, lines)
	await(t, lines) // its address
	twin, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 255, 255, 255), Port: int(addr.Port())})
	require.NoError(t, err)
	defer twin.Close()
	say(t, twin, "hello", addr)
	assert.Equal(t, fmt.Sprintf(`%v is this server's own address: dropped "hello"`, addr), await(t, lines))
	client, clientAddr := bind(t)
	say(t, client, "still there?", addr)
	assert.Equal(t, fmt.Sprintf(`%v received "still there?"`, clientAddr), await(t, lines), "nothing came in between")
}

func TestNoSocketIsLeftBehind(t *testing.T) {
	taken, all := bindTo(t, "0.0.0.0:0")
	_, mute := bind(t)
	shared := "239.1.2.3:0"
	before := openSockets(t)

	_, err := talk(Client{Timeout: time.Nanosecond, Retries: 3}, mute, "hello")
	assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
	lines, err := talk(Client{Timeout: patience}, at("127.0.0.1:0"), "hello")
	assert.ErrorIs(t, err, syscall.EINVAL, "at once: no datagram can go to port 0")
	assert.Len(t, lines, 1)
	_, err = talk(Client{Connect: true, Timeout: patience}, at("[ff02::1]:80"), "hello")
	assert.ErrorContains(t, err, "dial udp6 [ff02::1]:80: ", "at once: a link-local group, and no word of which link")
	for _, addr := range everyones {
		_, err = listen(netip.AddrPortFrom(at(addr).Addr(), all.Port()))
		assert.ErrorIs(t, err, syscall.EADDRINUSE, "taken outright by %v", taken.LocalAddr())
		assert.ErrorContains(t, err, "bind")
	}
	assert.Equal(t, before, openSockets(t))

	conn, err := listen(at(shared))
	require.NoError(t, err)
	assert.Equal(t, before+1, openSockets(t), "FilePacketConn's copy, and not what it was copied from")
	require.NoError(t, conn.Close())
	assert.Equal(t, before, openSockets(t))
}

// openSockets counts the sockets that are open in this process.
func openSockets(t testing.TB) (sockets int) {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	for _, file := range files {
		target, _ := os.Readlink(fmt.Sprint("/proc/self/fd/", file.Name())) // it may have been closed meanwhile
		if strings.HasPrefix(target, "socket:") {
			sockets++
		}
	}
	return sockets
}

func TestAGroupIsJoinedOnLoopbackAlone(t *testing.T) {
	bindTo(t, "239.1.2.4:0")
	groups, err := os.ReadFile("/proc/net/igmp")
	require.NoError(t, err)
	var joined []string
	var device string
	for line := range strings.Lines(string(groups)) {
		if words := strings.Fields(line); !strings.HasPrefix(line, "\t") {
			device = words[1]
		} else if words[0] == "040201EF" { // 239.1.2.4, the last byte first
			joined = append(joined, device)
		}
	}
	assert.Equal(t, []string{"lo"}, joined)
}
