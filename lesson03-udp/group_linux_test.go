package udp

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAPortThatIsTakenOutrightIsNotShared(t *testing.T) {
	for name, addr := range everyones {
		t.Run(name, func(t *testing.T) {
			all, err := Listen(netip.MustParseAddrPort("0.0.0.0:0"))
			require.NoError(t, err)
			defer all.Close()
			before := openSockets(t)
			_, err = Listen(netip.AddrPortFrom(netip.MustParseAddrPort(addr).Addr(), addrOf(all).Port()))
			assert.ErrorIs(t, err, syscall.EADDRINUSE)
			assert.ErrorContains(t, err, "bind")
			assert.Equal(t, before, openSockets(t), "the socket is closed")
		})
	}
}

func TestASharedSocketIsClosedForGood(t *testing.T) {
	before := openSockets(t)
	conn, err := Listen(netip.MustParseAddrPort("239.1.2.3:0"))
	require.NoError(t, err)
	assert.Equal(t, before+1, openSockets(t), "FilePacketConn's copy, and not what it was copied from")
	require.NoError(t, conn.Close())
	assert.Equal(t, before, openSockets(t))
}

func TestAGroupIsJoinedOnLoopbackAlone(t *testing.T) {
	conn, err := Listen(netip.MustParseAddrPort("239.1.2.4:0"))
	require.NoError(t, err)
	defer conn.Close()
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

func TestAFailedSendIsAnErrorAtOnceAndLeavesNoSocketBehind(t *testing.T) {
	before := openSockets(t)
	nowhere := netip.MustParseAddrPort("127.0.0.1:0") // no datagram can go to port 0
	shown, err := talk(Client{Timeout: patience}, nowhere, "hello")
	assert.ErrorIs(t, err, syscall.EINVAL, "at once: there is no answer to wait for")
	assert.Len(t, shown, 1)
	assert.Equal(t, before, openSockets(t))
}

func TestASocketThatCannotBeConnectedIsAnErrorAtOnce(t *testing.T) {
	before := openSockets(t)
	nowhere := netip.MustParseAddrPort("[fe80::1]:80") // a link-local address, and no word of which link
	shown, err := talk(Client{Connect: true, Timeout: patience}, nowhere, "hello")
	assert.ErrorContains(t, err, "dial udp6 [fe80::1]:80: ")
	assert.Len(t, shown, 1)
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
