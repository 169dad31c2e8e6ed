package basictcp

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Claim 11: the exceptions and their Go errors. Those that carry a system's error
// number are in errors_unix_test.go and errors_linux_test.go.

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
	assert.Equal(t, `gaierror
OSError [Errno 9] Bad file descriptor
OverflowError bind(): port must be 0-65535.
UnicodeDecodeError 'utf-8' codec can't decode byte 0xe4 in position 3: unexpected end of data
True True True True`, askPython(t, `import socket
def error(call, message=True):
    try: call()
    except Exception as e: print(type(e).__name__, *[e] * message)
closed = socket.socket(); closed.close()
error(lambda: socket.getaddrinfo("nowhere", None, flags=socket.AI_NUMERICHOST), False)  # without asking a server
error(lambda: closed.recv(1))
error(lambda: socket.socket().bind(("127.0.0.1", 65536)))
error(lambda: "走了".encode("utf-8")[:4].decode("utf-8"))  # a read ended inside a character
print(socket.error is OSError, socket.timeout is TimeoutError, issubclass(socket.gaierror, OSError), issubclass(socket.herror, OSError))`))
}

func TestTwoOfTheDocumentsExceptionsDoNotExist(t *testing.T) {
	assert.Equal(t, "False False False True True True True", askPython(t, `import builtins, socket
print(*[hasattr(socket, name) for name in ("NotConnectedError", "ConnectionRefuseError", "ConnectionRefusedError")],
      *[hasattr(builtins, name) for name in ("ConnectionRefusedError", "ConnectionResetError", "ConnectionAbortedError", "BrokenPipeError")])`),
		"neither of the first two, and the others need no module")
}
