package udp

import (
	"net"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAddressesAreResolvedToWhatASocketCanUse(t *testing.T) {
	link, err := net.InterfaceByIndex(1)
	require.NoError(t, err)
	for addr, want := range map[string]string{
		"127.0.0.1:8080":   "127.0.0.1:8080",
		":8080":            "127.0.0.1:8080",
		"[::1]:8080":       "[::1]:8080",
		"0.0.0.0:8080":     "0.0.0.0:8080",
		"127.0.0.1:domain": "127.0.0.1:53",
		"[fe80::1%1]:8080": "[fe80::1%" + link.Name + "]:8080",
	} {
		got, err := resolve(addr)
		require.NoError(t, err)
		assert.Equal(t, want, got.String(), addr)
		assert.False(t, got.Addr().Is4In6(), addr)
	}
	for _, addr := range []string{"[fe80::1]:8080", "[fe80::1%999999]:8080", "[fe80::1%no link]:8080"} {
		_, err := resolve(addr)
		assert.ErrorContains(t, err, addr+": a link-local address goes with an interface, as in [fe80::1%eth0]:8080: ", "by itself it means nothing")
	}
	for _, addr := range []string{"127.0.0.1", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:8080:1"} {
		_, err := resolve(addr)
		var address *net.AddrError
		assert.ErrorAs(t, err, &address, addr)
	}
}

func TestAServerKnowsItselfByEachOfItsAddresses(t *testing.T) {
	for _, one := range []struct {
		sender, local string
		self          bool
	}{
		{"127.0.0.1:8080", "127.0.0.1:8080", true},
		{"127.0.0.1:8081", "127.0.0.1:8080", false},
		{"127.0.0.2:8080", "127.0.0.1:8080", false},
		{"127.0.0.2:8080", "0.0.0.0:8080", true},
		{"[::ffff:127.0.0.1]:8080", "[::]:8080", true},
		{"192.0.2.1:8080", "0.0.0.0:8080", false},
		{"192.0.2.1:8080", "[::]:8080", false},
	} {
		assert.Equal(t, one.self, isSelf(at(one.sender), at(one.local)), one)
	}
	own, err := net.InterfaceAddrs()
	require.NoError(t, err)
	for _, addr := range own {
		sender := netip.AddrPortFrom(netip.MustParsePrefix(addr.String()).Addr(), 8080)
		assert.True(t, isSelf(sender, at("[::]:8080")), addr)
	}
}

func TestWhatIsForThisMachineIsSentFromLoopback(t *testing.T) {
	for ip, want := range map[string]string{
		"127.0.0.1":       "udp4 127.0.0.1:0",
		"127.255.255.255": "udp4 127.0.0.1:0",
		"239.1.2.3":       "udp4 127.0.0.1:0",
		"192.0.2.1":       "udp4 0.0.0.0:0",
		"::1":             "udp6 [::1]:0",
		"ff02::1":         "udp6 [::1]:0",
		"2001:db8::1":     "udp6 [::]:0",
	} {
		network, local := source(netip.MustParseAddr(ip))
		assert.Equal(t, want, network+" "+local.String(), ip)
	}
}

func TestAServerIsWhereItsAddressSays(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "0.0.0.0:0", "[::1]:0"} {
		_, bound := bindTo(t, addr)
		assert.Equal(t, at(addr).Addr(), bound.Addr(), "0.0.0.0 is IPv4 alone, not [::]")
	}
}

func TestPortsOfUDPAndOfTCPAreTwoThings(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	_, addr := bindTo(t, ln.Addr().String())
	assert.Equal(t, ln.Addr().String(), addr.String(), "UDP takes the number that TCP has taken")
}
