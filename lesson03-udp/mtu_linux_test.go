package udp

import (
	"bufio"
	"errors"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// inItsOwnNetwork runs the test once more, alone, in a network namespace of its
// own with nothing but loopback in it, and returns true there. A machine that
// does not allow that skips the test.
func inItsOwnNetwork(t *testing.T) bool {
	t.Helper()
	if os.Getenv("OWN_NETWORK") == t.Name() {
		ip(t, "link", "set", "lo", "up")
		return true
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("needs the command ip (package iproute2), which is not here")
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.count=1")
	cmd.Env = append(os.Environ(), "OWN_NETWORK="+t.Name())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	output, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Skipf("needs a network namespace of its own, which this machine does not allow: %v", err)
	}
	require.NoError(t, err, "%s", output)
	require.Contains(t, string(output), "--- PASS: "+t.Name())
	return false
}

func ip(t *testing.T, args ...string) {
	t.Helper()
	output, err := exec.Command("ip", args...).CombinedOutput()
	require.NoError(t, err, "ip %s: %s", strings.Join(args, " "), output)
}

// pair returns a socket that is connected to another one.
func pair(t *testing.T) (from *net.UDPConn, to *net.UDPConn) {
	t.Helper()
	to, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	t.Cleanup(func() { to.Close() })
	require.NoError(t, to.SetReadDeadline(time.Now().Add(time.Minute)))
	require.NoError(t, to.SetReadBuffer(1<<20))
	from, err = net.DialUDP("udp4", nil, to.LocalAddr().(*net.UDPAddr))
	require.NoError(t, err)
	t.Cleanup(func() { from.Close() })
	return from, to
}

// ipOption gets an option of level IP, or sets it to a value of 0 and more.
func ipOption(t *testing.T, conn *net.UDPConn, name, value int) (is int) {
	t.Helper()
	raw, err := conn.SyscallConn()
	require.NoError(t, err)
	require.NoError(t, raw.Control(func(fd uintptr) {
		if value >= 0 {
			err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IP, name, value)
			return
		}
		is, err = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_IP, name)
	}))
	require.NoError(t, err)
	return is
}

// fragments is how many the kernel has made of what was too long for its network.
func fragments(t *testing.T) string {
	t.Helper()
	file, err := os.Open("/proc/self/net/snmp")
	require.NoError(t, err)
	defer file.Close()
	var names []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if words[0] != "Ip:" {
			continue
		}
		if names == nil {
			names = words
			continue
		}
		for i, name := range names {
			if name == "FragCreates" {
				return words[i]
			}
		}
	}
	require.Fail(t, "the kernel does not count fragments")
	return ""
}

const (
	ethernet = 1500   // bytes that an Ethernet carries at once: its MTU
	headers  = 20 + 8 // of IP and of UDP
)

func TestADatagramThatFitsLoopbackIsSentInPiecesOnARealNetwork(t *testing.T) {
	if !inItsOwnNetwork(t) {
		return
	}
	ip(t, "link", "set", "lo", "mtu", "1500")
	from, to := pair(t)
	buf := make([]byte, maxDatagram+1)
	for _, size := range []struct {
		bytes  int
		pieces string // made so far
	}{{ethernet - headers, "0"}, {ethernet - headers + 1, "2"}, {maxDatagram, "47"}} {
		_, err := from.Write(buf[:size.bytes])
		require.NoError(t, err, "%d bytes", size.bytes)
		n, err := to.Read(buf)
		require.NoError(t, err)
		assert.Equal(t, size.bytes, n, "it arrives whole, or not at all when one piece is lost")
		assert.Equal(t, size.pieces, fragments(t), "pieces after a datagram of %d bytes", size.bytes)
	}
}

func TestTheKernelSaysWhatOneDatagramMayCarry(t *testing.T) {
	if !inItsOwnNetwork(t) {
		return
	}
	from, _ := pair(t)
	_, err := from.Write(make([]byte, maxDatagram))
	assert.NoError(t, err, "loopback takes the longest that there is")
	_, err = from.Write(make([]byte, maxDatagram+1))
	assert.ErrorIs(t, err, syscall.EMSGSIZE)

	ip(t, "link", "set", "lo", "mtu", "1500")
	from, _ = pair(t)
	assert.Equal(t, ethernet, ipOption(t, from, syscall.IP_MTU, -1))
	ipOption(t, from, syscall.IP_MTU_DISCOVER, syscall.IP_PMTUDISC_DO) // never in pieces
	_, err = from.Write(make([]byte, ethernet-headers))
	assert.NoError(t, err)
	_, err = from.Write(make([]byte, ethernet-headers+1))
	assert.ErrorIs(t, err, syscall.EMSGSIZE, "one byte more, and the kernel refuses instead of cutting")
}
