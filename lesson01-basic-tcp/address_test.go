package basictcp

import (
	"fmt"
	"net"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Claim 3: the two ends' addresses mirror each other; the client's port is the
// system's choice; port 0 asks for one.

func TestTheTwoEndsAddressesMirrorEachOther(t *testing.T) {
	server, client := connect(t)
	assert.Equal(t, client.LocalAddr(), server.RemoteAddr())
	assert.Equal(t, server.LocalAddr(), client.RemoteAddr())
}

func TestBothProgramsShowBothAddresses(t *testing.T) {
	server := startGo(t, "server", "-addr", "127.0.0.1:0")
	addr := server.listening(t)
	client := startGo(t, "client", "-addr", addr)
	connected := regexp.MustCompile(`^connected: local (.+), remote (.+)$`)
	atServer := connected.FindStringSubmatch(server.line(t))
	atClient := connected.FindStringSubmatch(client.line(t))
	require.NotNil(t, atServer)
	require.NotNil(t, atClient)
	assert.Equal(t, addr, atServer[1])
	assert.Equal(t, atServer[2], atClient[1], "the server's remote end is the client's local one")
	assert.Equal(t, atServer[1], atClient[2], "and the other way round")
}

func TestPythonShowsTheSameTwoAddresses(t *testing.T) {
	ln := listen(t)
	client := startPython(t, "addresses.py", ln.Addr().String())
	conn := accept(t, ln)
	remote, local := conn.RemoteAddr().(*net.TCPAddr), conn.LocalAddr().(*net.TCPAddr)
	assert.Equal(t, fmt.Sprintf("local address: ('127.0.0.1', %d)", remote.Port), client.line(t))
	assert.Equal(t, fmt.Sprintf("remote address: ('127.0.0.1', %d)", local.Port), client.line(t))
	assert.Equal(t, "<class 'tuple'>", client.line(t), "Go has a type for it: *net.TCPAddr")
}

func TestTheClientsPortIsTheSystemsChoice(t *testing.T) {
	ln := listen(t)
	first, second := dial(t, ln.Addr().String()), dial(t, ln.Addr().String())
	assert.NotZero(t, first.LocalAddr().(*net.TCPAddr).Port)
	assert.NotEqual(t, first.LocalAddr(), second.LocalAddr(), "it changes from client to client")
}

func TestPortZeroAsksForAFreePort(t *testing.T) {
	first, second := listen(t), listen(t) // both ask for port 0
	assert.NotZero(t, first.Addr().(*net.TCPAddr).Port)
	assert.NotEqual(t, first.Addr(), second.Addr())
}
