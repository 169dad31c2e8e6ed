package transfer

import (
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheOriginalsAddressIsTheDefault(t *testing.T) {
	for name, defaults := range map[string]string{
		"server": "-addr 127.0.0.1:9901 -dir . -idle-timeout 5m0s -max-clients 1000 -md5 true -timeout 30s",
		"client": "-addr 127.0.0.1:9901 -dir . -force -resume -timeout 1m0s",
	} {
		status, lines := startGo(t, name, "-h").exit(t)
		assert.Zero(t, status)
		assert.Equal(t, defaults, flagsIn(lines))
	}
}

// flagsIn returns the flags that -h explains, and their defaults.
func flagsIn(help []string) string {
	var found []string
	for _, line := range help {
		name, _, _ := strings.Cut(line, " ")
		found = append(found, name)
		if _, value, ok := strings.Cut(strings.TrimSuffix(line, ")"), "(default "); ok {
			found = append(found, value)
		}
	}
	return strings.Join(found, " ")
}

func TestWhatIsNoRequestAndWhatIsNoDirectoryIsWrongUsage(t *testing.T) {
	status, lines := startGo(t, "server", "-addr", listen(t).Addr().String()).exit(t)
	assert.Equal(t, 1, status, "and an address that is taken is a failure")
	assert.Contains(t, strings.Join(lines, "\n"), "choose another with -addr")

	file := filepath.Join(t.TempDir(), "file")
	write(t, filepath.Dir(file), "file", "")
	for says, args := range map[string][]string{
		"server: -dir: open nosuch":                       {"server", "-dir", "nosuch"},
		"server: -dir: ":                                  {"server", "-dir", file},
		`server: invalid value "0" for flag -max-clients`: {"server", "-max-clients", "0"},
		`server: unexpected argument "get"`:               {"server", "get"},
		"client: -dir: ":                                  {"client", "-dir", file + "/below"},
		`client: not a request: say "get NAME" or "list" (-h lists the fla`: {"client", "get"},
		`client: not the name of a shared file: "/etc/passwd"`:              {"client", "get", "hello.txt", "/etc/passwd"},
	} {
		status, lines := startGo(t, args[0], args[1:]...).exit(t)
		assert.Equal(t, 2, status)
		require.Len(t, lines, 1)
		assert.Contains(t, lines[0], says)
	}
}

func TestTheFlagsOfTheServerAreItsLimits(t *testing.T) {
	server := startGo(t, "server", "-addr", "127.0.0.1:0", "-dir", shared(t), "-idle-timeout", "20ms", "-max-clients", "1")
	conn := connect(t, server.listening(t))
	_, err := conn.Read(make([]byte, 1))
	assert.Error(t, err)
	assert.Equal(t, here(conn)+" dropped: "+here(conn)+" was silent for 20ms: i/o timeout", server.nextLines(t, 2)[1])

	server = startGo(t, "server", "-addr", "127.0.0.1:0", "-dir", shareBig(t, 64<<20), "-timeout", "50ms", "-md5=false")
	conn = connect(t, server.listening(t))
	send(t, conn, "get big")
	assert.Equal(t, here(conn)+" dropped: "+here(conn)+" took nothing for 50ms: i/o timeout", server.nextLines(t, 3)[2])
}

func TestTheFlagsOfTheClientDoWhatTheySay(t *testing.T) {
	server, dir := serve(t, new(Server), "share"), filepath.Join(t.TempDir(), "is", "made")
	get := func(flags ...string) (int, []string) {
		return startGo(t, "client", append(append([]string{"-addr", server.addr, "-dir", dir}, flags...), "get", "hello.txt")...).exit(t)
	}
	status, lines := get()
	assert.Zero(t, status)
	assert.Equal(t, `"hello.txt": 32 bytes, md5 is right`, lines[1])
	status, lines = get()
	assert.Equal(t, 1, status)
	assert.Equal(t, `client: "hello.txt" is here already: -force replaces it`, lines[2])
	write(t, dir, partName("hello.txt", helloMD5), hello[:6])
	status, _ = get("-force", "-resume")
	assert.Zero(t, status)
	server.shown.until(t, "26 bytes from 6 on")

	silent := asServer(t, func(conn *net.TCPConn) { heard(conn); heard(conn) })
	status, lines = startGo(t, "client", "-addr", silent, "-dir", dir, "-timeout", "1s", "get", "x").exit(t)
	assert.Equal(t, 1, status)
	assert.Contains(t, lines[len(lines)-1], "i/o timeout; -timeout sets how long to wait", "for the connection, or for the answer")
}

func TestCtrlCEndsBothProgramsWithStatus0(t *testing.T) {
	server := startGo(t, "server", "-addr", "127.0.0.1:0", "-dir", shared(t))
	client := startGo(t, "client", "-addr", server.listening(t), "-dir", t.TempDir())
	client.line(t) // connected
	client.interrupt(t)
	status, rest := client.exit(t)
	assert.Zero(t, status)
	assert.Empty(t, rest)
	assert.Contains(t, server.line(t), " connected")
	assert.Contains(t, server.line(t), " closed its side: EOF")
	server.interrupt(t)
	status, rest = server.exit(t)
	assert.Zero(t, status)
	assert.Empty(t, rest)
}
