package remote

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheServerListensOnLoopback(t *testing.T) {
	for _, x := range [][2]string{{"tcp", "127.0.0.1:0"}, {"tcp4", "127.1.2.3:0"}, {"tcp", "localhost:0"}, {"tcp6", "[::1]:0"}, {"tcp", "[::ffff:127.0.0.1]:0"}} {
		ln, err := Listen(x[0], x[1])
		if err != nil && (x[0] == "tcp6" || x[1] == "127.1.2.3:0") {
			continue // not every machine has these
		}
		require.NoError(t, err, x)
		assert.True(t, ln.Addr().(*net.TCPAddr).IP.IsLoopback(), x)
		require.NoError(t, ln.Close())
	}
}

func TestTheServerRefusesToListenWhereOtherMachinesCanReachIt(t *testing.T) {
	for _, x := range [][2]string{
		{"tcp", "0.0.0.0:0"}, {"tcp", ":0"}, {"tcp", "[::]:0"}, {"tcp4", ":0"}, {"tcp6", ":0"},
		{"tcp", "192.0.2.1:0"}, {"tcp", "10.0.0.1:8081"}, {"tcp", "128.0.0.1:0"}, {"tcp", "[2001:db8::1]:0"},
	} {
		ln, err := Listen(x[0], x[1])
		assert.Nil(t, ln, x)
		assert.ErrorIs(t, err, ErrNotLoopback, x)
		assert.ErrorContains(t, err, "ssh -L 8081:127.0.0.1:8081 HOST", "and the way to come from elsewhere")
	}
}

func TestAnAddressThatIsNoneIsAnError(t *testing.T) {
	var address *net.AddrError
	_, err := Listen("tcp", "nonsense")
	assert.ErrorAs(t, err, &address)
	_, err = Listen("tcp", "127.0.0.1:99999")
	assert.ErrorAs(t, err, &address)
	taken := listen(t).Addr().String()
	_, err = Listen("tcp", taken)
	assert.ErrorContains(t, err, "bind")
}

func TestTheAddressIsTheOriginalsUnlessToldOtherwise(t *testing.T) {
	for _, network := range []string{"tcp", "tcp4", "tcp6"} {
		addr, err := Choose(network, "")
		require.NoError(t, err)
		assert.Equal(t, "127.0.0.1:8081", addr)
	}
	addr, err := Choose("unix", "some/path")
	require.NoError(t, err)
	assert.Equal(t, "some/path", addr)
	_, err = Choose("unix", "")
	assert.EqualError(t, err, "a unix socket has a path for an address: give one with -addr")
	_, err = Choose("udp", "127.0.0.1:0")
	assert.EqualError(t, err, `unknown network "udp": choose tcp, tcp4, tcp6 or unix`)
}
