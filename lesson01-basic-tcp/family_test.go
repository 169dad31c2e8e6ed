package basictcp

import (
	"errors"
	"fmt"
	"net"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Claim 8, families of addresses: what the same exchange over each of them does
// not show, and how an address is shown.

func TestTCP4AndTCP6TakeOnlyTheirOwnAddresses(t *testing.T) {
	for network, addr := range map[string]string{"tcp4": "[::1]:0", "tcp6": "127.0.0.1:0"} {
		_, err := net.Listen(network, addr)
		var wrong *net.AddrError
		assert.ErrorAs(t, err, &wrong, network)
		_, err = net.Dial(network, addr)
		assert.ErrorAs(t, err, &wrong, network)
	}
}

func TestTCPTakesWhateverFamilyAHostNameHas(t *testing.T) {
	ln, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer ln.Close()
	conn, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	assert.True(t, conn.RemoteAddr().(*net.TCPAddr).IP.IsLoopback(), "127.0.0.1 or ::1")
}

func TestARawSocketOpensOrNeedsPermission(t *testing.T) {
	conn, err := net.ListenPacket("ip4:icmp", "127.0.0.1") // SOCK_RAW: IP packets, here those of ping
	if err != nil {
		assert.ErrorIs(t, err, os.ErrPermission)
		return
	}
	defer conn.Close()
	assert.IsType(t, &net.IPConn{}, conn)
}

func TestPackageNetHasNoOtherFamilies(t *testing.T) {
	for _, network := range []string{"netlink", "bluetooth", "packet"} {
		_, err := net.Dial(network, "x")
		var unknown net.UnknownNetworkError
		assert.True(t, errors.As(err, &unknown), network)
	}
}

// A link-local address means nothing without its zone, the interface. A listener
// of MPTCP, which Go would open, does not know its own: see go.mod.
func TestALinkLocalAddressKeepsItsZone(t *testing.T) {
	links, err := net.Interfaces()
	require.NoError(t, err)
	for _, link := range links {
		addrs, err := link.Addrs()
		require.NoError(t, err)
		for _, addr := range addrs {
			ip := addr.(*net.IPNet).IP
			if ip.To4() != nil || !ip.IsLinkLocalUnicast() {
				continue
			}
			host := fmt.Sprintf("[%v%%%s]", ip, link.Name)
			ln, err := net.Listen("tcp", host+":0")
			if err != nil {
				continue // an interface that is down
			}
			defer ln.Close()
			port := ln.Addr().(*net.TCPAddr).Port
			assert.Equal(t, fmt.Sprint(host, ":", port), ln.Addr().String())
			conn, err := net.Dial("tcp", fmt.Sprintf("[%v%%%d]:%d", ip, link.Index, port)) // the zone by number
			require.NoError(t, err)
			defer conn.Close()
			assert.Equal(t, ln.Addr(), conn.RemoteAddr())
			return
		}
	}
	t.Skip("needs an interface with a link-local address")
}

func TestAnAddressIsShownAsItIsUnlessATerminalCouldObeyIt(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:8081":      "127.0.0.1:8081",
		"[fe80::1%eth0]:8081": "[fe80::1%eth0]:8081",
		"/tmp/套接字 1":          "/tmp/套接字 1",
		`C:\Users\socket`:     `C:\Users\socket`,
		"":                    "@",
		"/tmp/\x1b[2J":        `"/tmp/\x1b[2J"`,
		"/tmp/\n":             `"/tmp/\n"`,
		"/tmp/\u009b2J":       `"/tmp/\u009b2J"`,
		"/tmp/\xff":           `"/tmp/\xff"`,
	} {
		assert.Equal(t, want, show(addr))
	}
}
