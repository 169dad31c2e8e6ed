package udp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// run runs a Go program that ends by itself.
func run(t testing.TB, name string, args ...string) (status int, lines []string) {
	t.Helper()
	p := startGo(t, name, args...)
	p.stdin.Close()
	return p.exit(t)
}

func TestNonsenseIsAnsweredWithOneLineAndTheRightStatus(t *testing.T) {
	_, taken := bind(t)
	const flags, address = "(-h lists the flags)", "an address is HOST:PORT with a port from 0 to 65535, like 127.0.0.1:8081"
	for _, c := range []struct {
		command string
		status  int
		begins  string
		ends    string
	}{
		{"server -addr nonsense", 2, "server: address nonsense: missing port", address},
		{"client -addr 127.0.0.1:65536", 2, "client: address 65536: invalid port", address},
		{"server -addr 127.0.0.1:-1", 2, "server: address -1: invalid port", address},
		{"server -addr 1::2:3", 2, "server: address 1::2:3: too many colons", address},
		{"client -addr no_such_host..:80", 1, "client: lookup no_such_host..: no such host", "check the spelling, or use an IP address and a port number"},
		{"server -addr " + taken.String(), 1, "server: listen udp4 " + taken.String() + ": bind: ", "choose another with -addr"},
		{"server -addr 192.0.2.1:0", 1, "server: listen udp4 192.0.2.1:0: bind: ", "choose one of its own, like 127.0.0.1"},
		{"server -addr [ff02::1]:8080", 1, "server: cannot share [ff02::1]:8080: ", ""},
		{"server 127.0.0.1:8080", 2, `server: unexpected argument "127.0.0.1:8080"`, flags},
		{"client hello", 2, `client: unexpected argument "hello"`, flags},
		{"server -port 80", 2, "server: flag provided but not defined: -port", flags},
		{"client -timeout soon", 2, `client: invalid value "soon" for flag -timeout`, flags},
		{"client -timeout 0s", 2, `client: invalid value "0s" for flag -timeout: must be more than 0`, flags},
		{"client -timeout -1s", 2, `client: invalid value "-1s" for flag -timeout: must be more than 0`, flags},
		{"client -retries 11", 2, "client: -retries must be from 0 to 10", flags},
		{"client -retries -1", 2, "client: -retries must be from 0 to 10", flags},
		{"client -retries many", 2, `client: invalid value "many" for flag -retries`, flags},
		{"client -connect -broadcast", 2, "client: -connect hears one server alone, -broadcast hears everyone", flags},
	} {
		t.Run(c.command, func(t *testing.T) {
			words := strings.Fields(c.command)
			status, lines := run(t, words[0], words[1:]...)
			assert.Equal(t, c.status, status)
			require.Len(t, lines, 1)
			assert.True(t, strings.HasPrefix(lines[0], c.begins), lines[0])
			assert.True(t, strings.HasSuffix(lines[0], c.ends), lines[0])
		})
	}
}

func TestAnErrorWithLineBreaksStaysOneLine(t *testing.T) {
	status, lines := run(t, "client", "-addr", "two\nlines")
	assert.Equal(t, 2, status)
	assert.Len(t, lines, 1)
}

func TestTheLargestNumbersOfRetriesAreAllowed(t *testing.T) {
	for _, retries := range []int{0, 10} {
		status, lines := run(t, "client", "-retries", fmt.Sprint(retries), "-timeout", "1ns")
		assert.Zero(t, status, "nothing typed, nothing sent")
		assert.Empty(t, lines)
	}
}

func TestHelpExplainsEveryFlagInALine(t *testing.T) {
	help := map[string][]string{
		"server": {
			"-addr HOST:PORT  receive on HOST:PORT, which may be a multicast group or 127.255.255.255 (default 127.0.0.1:8080)",
		},
		"client": {
			"-addr HOST:PORT    send to HOST:PORT (default 127.0.0.1:8080)",
			"-broadcast         take answers from everyone, until -timeout",
			"-connect           connect the socket, so that it hears when nobody is there",
			"-retries N         send N times more what is not answered, at most 10 (default 2)",
			"-timeout DURATION  wait for an answer for this DURATION, doubled with each retry (default 1s)",
		},
	}
	for name, want := range help {
		status, lines := run(t, name, "-h")
		assert.Zero(t, status)
		assert.Equal(t, want, lines)
	}
}

func TestTheServersFirstLineIsItsAddress(t *testing.T) {
	for _, language := range []string{"Go", "Python"} {
		addr := resolve(t, startSide(t, language, "server", "127.0.0.1:0").listening(t))
		assert.Equal(t, "127.0.0.1", addr.Addr().String())
		assert.NotZero(t, addr.Port())
	}
}

func TestAClientWithoutAPromptShowsAnswersAlone(t *testing.T) {
	addr := serve(t, nil).String()
	client := startClient(t, addr)
	client.typeLine(t, "hello")
	client.typeLine(t, "again")
	for _, want := range []string{"HELLO", "AGAIN"} {
		assert.Equal(t, fmt.Sprintf("received %q from %s", want, addr), client.line(t))
	}
}
