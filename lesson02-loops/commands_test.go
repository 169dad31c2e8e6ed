package loops

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheServersFlagsBoundWhatTheySay(t *testing.T) {
	idle := startGo(t, "server", "-idle-timeout", "20ms", "-addr", "127.0.0.1:0")
	client := connect(t, idle.listening(t))
	receiveEOF(t, client)
	assert.Equal(t, []string{
		here(client) + " connected",
		here(client) + " dropped: " + here(client) + " was silent for 20ms: i/o timeout",
	}, idle.nextLines(t, 2))

	full := startGo(t, "server", "-concurrent", "-max-clients", "1", "-addr", "127.0.0.1:0")
	addr := full.listening(t)
	first, second := connect(t, addr), connect(t, addr)
	send(t, second, "hello")
	roundTrip(t, first)
	require.NoError(t, first.Close())
	receive(t, second, "HELLO")
	assert.Equal(t, []string{
		here(first) + " connected", here(first) + ` received "hello"`, here(first) + " closed its side: EOF",
		here(second) + " connected", here(second) + ` received "hello"`,
	}, full.nextLines(t, 5))
}

func TestAClientSaysWhatFailedAndWhatToDoInOneLine(t *testing.T) {
	for name, test := range map[string]struct {
		args   []string
		answer string // and then the server closes
		says   string
	}{
		"nothing comes": {nil, "",
			`^client: received 0 bytes of an answer of 5: .*; the other side `},
		"a part of the answer comes": {nil, "HEL",
			`^client: received 3 bytes of an answer of 5: unexpected EOF; the other side has closed the connection: look at its last lines$`},
		"the server closes before the half-close": {[]string{"-half-close"}, "",
			`^client: not everything came back: EOF; the other side has closed the connection: look at its last lines$`},
	} {
		t.Run(name, func(t *testing.T) {
			ln := listen(t)
			client := startGo(t, "client", append(test.args, "-addr", ln.Addr().String())...)
			conn := asServer(t, ln)
			client.typeLine(t, "hello")
			receive(t, conn, "hello")
			send(t, conn, test.answer)
			require.NoError(t, conn.CloseWrite())
			status, lines := client.exit(t) // though its person has not ended the input
			assert.Equal(t, 1, status)
			assert.Regexp(t, test.says, lines[len(lines)-1])
		})
	}
}

func TestTheClientsFlagsDoWhatTheySay(t *testing.T) {
	ln := listen(t)
	deaf := command(t, "client", "-timeout", "100ms", "-addr", ln.Addr().String())
	deaf.Stdin = strings.NewReader("anybody there?\n") // and nobody even accepts
	lines, err := deaf.CombinedOutput()
	assert.Error(t, err)
	assert.Equal(t, 1, deaf.ProcessState.ExitCode())
	assert.Regexp(t, `(was silent for 100ms: i/o timeout; -timeout sets how long to wait; perhaps the other side is waiting too|dial .*: i/o timeout; nothing answered there: .*)\n$`, string(lines))
	asServer(t, ln)

	client := startAt(t, "client -send-empty", ln.Addr().String())
	client.typeLine(t, "") // and now it waits for an answer
	require.NoError(t, client.stdin.Close())
	require.NoError(t, asServer(t, ln).Close())
	status, rest := client.exit(t)
	assert.Equal(t, 1, status)
	assert.Contains(t, rest[len(rest)-1], "the other side has closed the connection: look at its last lines")
}

func TestEveryProgramHasTheOriginalsAddressAsItsDefault(t *testing.T) {
	address := regexp.MustCompile(`"127\.0\.0\.1:\d+"`)
	for file, want := range map[string]string{
		"server/main.go": "8081", "client/main.go": "8081",
		"plain/upper_server/main.go": "8081", "plain/upper_client/main.go": "8081", "plain/concurrent_server/main.go": "8081",
		"plain/greet_server/main.go": "2000", "plain/two_client/main.go": "2000",
		"python/upper_server.py": "8081", "python/upper_client.py": "8081",
		"python/naive_server.py": "8081", "python/naive_client.py": "8081",
		"python/echo_server.py": "8080", "python/echo_client.py": "8080",
		"python/greet_server.py": "2000", "python/two_client.py": "2000",
	} {
		source, err := os.ReadFile(filepath.FromSlash(file))
		require.NoError(t, err)
		assert.Equal(t, []string{`"127.0.0.1:` + want + `"`}, address.FindAllString(string(source), -1), file)
	}
}

func TestAPlainProgramEndsWithStatus1AndALineWhenItFails(t *testing.T) {
	taken := listen(t)
	free := here(connect(t, listen(t).Addr().String())) // nobody listens there, and nobody can begin to
	for name, addr := range map[string]string{
		"upper_server": taken.Addr().String(), "concurrent_server": taken.Addr().String(), "greet_server": taken.Addr().String(),
		"upper_client": free, "two_client": free,
	} {
		status, lines := startAt(t, name, addr).exit(t)
		assert.Equal(t, 1, status)
		require.Len(t, lines, 1)
		assert.True(t, strings.HasPrefix(lines[0], "listen tcp "+addr) || strings.HasPrefix(lines[0], "dial tcp "+addr), lines[0])
	}
	for _, name := range []string{"upper_client", "two_client"} { // whose server leaves
		client := startAt(t, name, taken.Addr().String())
		conn := asServer(t, taken)
		client.typeLine(t, "hello")
		require.NoError(t, conn.Close())
		status, lines := client.exit(t)
		assert.Equal(t, 1, status)
		assert.Len(t, lines, 1)
	}
	endless := startAt(t, "upper_client", taken.Addr().String())
	endless.typeLine(t, strings.Repeat("x", 1<<16))
	status, lines := endless.exit(t)
	assert.Equal(t, 1, status)
	assert.Equal(t, []string{"bufio.Scanner: token too long"}, lines)
}
