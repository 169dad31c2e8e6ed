package basictcp

import (
	"context"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Claim 11: the exceptions and their Go errors. The ones that carry a system's
// error number are in errors_unix_test.go and errors_linux_test.go.

func TestAReadThatTimesOutIsErrDeadlineExceeded(t *testing.T) {
	_, client := connect(t)
	require.NoError(t, client.SetReadDeadline(time.Now().Add(time.Millisecond)))
	_, err := client.Read(make([]byte, 10))
	assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
	var late net.Error
	require.ErrorAs(t, err, &late)
	assert.True(t, late.Timeout())
	assert.Equal(t, "True", askPython(t, "import socket; print(socket.timeout is TimeoutError)"), "since Python 3.10")
}

func TestUseAfterCloseIsErrClosed(t *testing.T) {
	ln := listen(t)
	_, client := connect(t)
	require.NoError(t, ln.Close())
	require.NoError(t, client.Close())
	_, acceptErr := ln.Accept()
	_, readErr := client.Read(make([]byte, 10))
	_, writeErr := client.Write([]byte("x"))
	for _, err := range []error{acceptErr, readErr, writeErr, client.Close(), client.SetDeadline(time.Time{})} {
		assert.ErrorIs(t, err, net.ErrClosed)
	}
	for _, call := range []func([]byte) (int, error){limit(client, patience).Read, limit(client, patience).Write} {
		n, err := call(make([]byte, 10))
		assert.Zero(t, n)
		assert.ErrorIs(t, err, net.ErrClosed, "with a deadline too")
	}
}

func TestACloseIsNoErrorInPythonAndEOFInGo(t *testing.T) {
	server, client := connect(t)
	require.NoError(t, server.Close())
	n, err := client.Read(make([]byte, 10))
	assert.Zero(t, n, "Python returns these 0 bytes, and nothing else")
	assert.Equal(t, io.EOF, err)
}

func TestANameThatDoesNotResolveIsALookupError(t *testing.T) {
	resolver := &net.Resolver{PreferGo: true, Dial: dnsWithoutNames(t)}
	dialer := net.Dialer{Resolver: resolver}
	_, dialErr := dialer.Dial("tcp", "nowhere.invalid:80")                     // gaierror
	_, reverseErr := resolver.LookupAddr(context.Background(), "198.51.100.1") // herror, of gethostbyaddr
	for name, err := range map[string]error{"nowhere.invalid": dialErr, "1.100.51.198.in-addr.arpa.": reverseErr} {
		var lookup *net.DNSError
		require.ErrorAs(t, err, &lookup, name)
		assert.Equal(t, name, lookup.Name)
		assert.True(t, lookup.IsNotFound, name)
	}
}

// dnsWithoutNames opens a name server on loopback that answers every question
// with "no such name", and returns how to reach it. Nothing leaves the machine.
func dnsWithoutNames(t testing.TB) func(context.Context, string, string) (net.Conn, error) {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { server.Close() })
	go func() {
		msg := make([]byte, 1500)
		for {
			n, client, err := server.ReadFrom(msg)
			if err != nil {
				return // the test is over
			}
			msg[2] |= 0x80                  // this is an answer:
			msg[3] = msg[3]&0xf0 | 3        // NXDOMAIN (RFC 1035, 4.1.1)
			server.WriteTo(msg[:n], client) // a resolver that hears nothing asks again
		}
	}()
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, "udp", server.LocalAddr().String())
	}
}

func TestPythonsNamesForTheSameErrors(t *testing.T) {
	assert.Equal(t, "gaierror", askPython(t, `import socket
try: socket.getaddrinfo("nowhere", None, flags=socket.AI_NUMERICHOST)  # without asking a server
except OSError as e: print(type(e).__name__)`))
	assert.Equal(t, "[Errno 9] Bad file descriptor", askPython(t, `import socket
s = socket.socket(); s.close()
try: s.recv(1)
except OSError as e: print(e)`))
	assert.Equal(t, "True True True", askPython(t, `import socket as s
print(s.error is OSError, issubclass(s.gaierror, OSError), issubclass(s.herror, OSError))`))
}

func TestTwoOfTheDocumentsExceptionsDoNotExist(t *testing.T) {
	assert.Equal(t, "False False False", askPython(t, `import socket
print(hasattr(socket, "NotConnectedError"), hasattr(socket, "ConnectionRefuseError"), hasattr(socket, "ConnectionRefusedError"))`))
	builtin := askPython(t, `print(ConnectionRefusedError, ConnectionResetError, ConnectionAbortedError, BrokenPipeError)`)
	assert.Equal(t, 4, strings.Count(builtin, "<class 'Connection")+strings.Count(builtin, "<class 'BrokenPipe"), "these need no module")
}
