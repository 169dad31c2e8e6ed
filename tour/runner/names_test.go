package runner

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPortsCorrespondOneToOne(t *testing.T) {
	n := newNames("")
	assert.True(t, n.matches("from 127.0.0.1:50001 to [::1]:8081", "from 127.0.0.1:1111 to [::1]:2222"))
	assert.True(t, n.matches("again ('127.0.0.1', 50001), ('::1', 8081, 0, 0)", "again ('127.0.0.1', 1111), ('::1', 2222, 0, 0)"))
	assert.False(t, n.matches("127.0.0.1:50001", "127.0.0.1:3333"), "a transcript's port that has become another")
	assert.False(t, n.matches("127.0.0.1:50002", "127.0.0.1:1111"), "a real port that was another before")
	assert.False(t, n.matches("127.0.0.1:50009, 127.0.0.1:50001", "127.0.0.1:3333, 127.0.0.1:3333"))
	assert.True(t, n.matches("127.0.0.1:50002", "127.0.0.1:3333"), "what did not match is not remembered")
	assert.Equal(t, "at 127.0.0.1:50002 and 127.0.0.1:4444", n.translate("at 127.0.0.1:3333 and 127.0.0.1:4444"))
}

func TestALineMatchesInFull(t *testing.T) {
	n := newNames("")
	assert.False(t, n.matches("127.0.0.1:1 left", "127.0.0.2:1 left"))
	assert.False(t, n.matches("127.0.0.1:1", "127.0.0.1:1 left"))
	assert.False(t, n.matches("a.c", "abc"))
	assert.False(t, n.matches("127.0.0.1:1", "127.0.0.1:x"))
}

func TestADurationWithATildeIsAnyDuration(t *testing.T) {
	n := newNames("")
	for _, came := range []string{"took 3ms", "took ~1.25s", "took 1m2.5s", "took 800µs"} {
		assert.True(t, n.matches("took ~3ms", came), came)
	}
	assert.False(t, n.matches("took ~3ms", "took long"))
	assert.False(t, n.matches("took 3ms", "took 4ms"))
}

func TestAnAddressIsTranslatedByWhoUsesIt(t *testing.T) {
	n := newNames("/tmp/x")
	defer n.close()
	argument := func(arg string, server bool) string {
		t.Helper()
		real, err := n.argument(arg, server)
		require.NoError(t, err)
		return real
	}
	assert.Equal(t, "127.0.0.2:0", argument("127.0.0.2:8081", true), "a server's is the system's choice")
	assert.True(t, n.matches("listening on 127.0.0.2:8081", "listening on 127.0.0.2:7777"))
	assert.Equal(t, "127.0.0.2:7777", argument("127.0.0.2:8081", true), "and the same when it comes back")
	assert.Equal(t, "-addr=localhost:7777", argument("-addr=localhost:8081", false))
	silent := argument("[::1]:9000", false)
	assert.NotContains(t, []string{"[::1]:9000", "[::1]:0"}, silent, "nobody listens there")
	assert.Equal(t, silent, argument("[::1]:9000", false), "it keeps its name")
	assert.Equal(t, "[::1]:0", argument("[::1]:9000", true), "until a server comes")
	assert.True(t, n.matches("listening on [::1]:9000", "listening on [::1]:8888"))
	assert.Equal(t, "[::1]:8888", argument("[::1]:9000", false))

	assert.Equal(t, ":0", argument(":9001", true), "every interface of the machine")
	everywhere := argument(":9002", false)
	assert.True(t, n.matches("not listening on :9002: others could", "not listening on "+everywhere+": others could"))

	assert.Equal(t, "/tmp/x/1.sock", argument("/tmp/a.sock", true))
	assert.Equal(t, "/tmp/x/2.sock", argument("b.sock", false))
	assert.Equal(t, "-addr=/tmp/x/1.sock", argument("-addr=/tmp/a.sock", false))
	assert.True(t, n.matches("listening on /tmp/a.sock", "listening on /tmp/x/1.sock"))

	for _, same := range []string{"127.0.0.1:0", "127.0.0.1:65536", "hello", "12:30", "-v", "example.com:80"} {
		assert.Equal(t, same, argument(same, false))
	}
}
