package udp

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAServerOnAllAddressesMayAnswerFromAnother shows who can look like a
// stranger without being one.
func TestAServerOnAllAddressesMayAnswerFromAnother(t *testing.T) {
	conn, err := Listen(netip.MustParseAddrPort("0.0.0.0:0"))
	require.NoError(t, err)
	serveOn(t, conn, nil)
	asked := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.2"), addrOf(conn).Port())
	client, addr := bind(t)
	say(t, client, "hello", asked)
	msg, sender := hear(t, client)
	assert.Equal(t, "HELLO", msg)
	assert.Equal(t, addr.Addr(), sender.Addr(), "127.0.0.2 was asked, 127.0.0.1 has answered")
}
