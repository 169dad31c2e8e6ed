package remote

import (
	"context"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestALoopbackAddressOrAPathIsListenedOnAsItIs(t *testing.T) {
	for _, x := range []struct{ network, addr, own string }{
		{"tcp", "127.0.0.1:8081", "127.0.0.1:8081"},
		{"tcp4", "127.1.2.3:0", "127.1.2.3:0"},
		{"tcp6", "[::1]:0", "[::1]:0"},
		{"tcp", "[::ffff:127.0.0.1]:0", "127.0.0.1:0"},
		{"tcp4", "localhost:0", "127.0.0.1:0"}, // looked up once
		{"unix", "some/path", "some/path"},
		{"unix", "./@name", "./@name"},
	} {
		own, err := onlyHere(x.network, x.addr)
		require.NoError(t, err, x)
		assert.Equal(t, x.own, own)
	}
}

func TestAnAddressThatIsNoneIsAnError(t *testing.T) {
	var address *net.AddrError
	assert.ErrorAs(t, new(Server).ListenAndServe(t.Context(), "tcp", "nonsense"), &address)
	assert.ErrorAs(t, new(Server).ListenAndServe(t.Context(), "tcp", "127.0.0.1:99999"), &address)
	taken := listen(t).Addr().String()
	assert.ErrorContains(t, new(Server).ListenAndServe(t.Context(), "tcp", taken), "bind")
}

// Their like has no mode that would keep other users out, and the kernel chooses
// one for a socket without a name.
func TestAUnixSocketThatIsNoFileIsRefused(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // ends a server that does listen
	for _, addr := range []string{"@name", "@", "\x00name", ""} {
		err := new(Server).ListenAndServe(ctx, "unix", addr)
		assert.ErrorIs(t, err, ErrNotAPath, "%q", addr)
	}
}
