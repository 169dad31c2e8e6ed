package basictcp

import (
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The lesson's ten main claims, in its order. dial, accept, read and write are
// net.Dial, Accept, Read and Write, which must not fail; connect gives both ends
// of a connection.

func TestNetListenIsThreeOfAServersSixStepsAndNetDialTwoOfAClientsFour(t *testing.T) {
	server, err := net.Listen("tcp", "127.0.0.1:0") // 1 socket, 2 bind, 3 listen
	require.NoError(t, err)
	client, err := net.Dial("tcp", server.Addr().String()) // 1 socket, 2 connect
	require.NoError(t, err)
	write(t, client, "hello") // 3 send and receive

	conn := accept(t, server)                     // 4 accept
	assert.Equal(t, "hello", read(t, conn, 1024)) // 5 receive and send
	write(t, conn, "HELLO")
	require.NoError(t, conn.Close()) // 6 close
	require.NoError(t, server.Close())

	assert.Equal(t, "HELLO", read(t, client, 1024))
	require.NoError(t, client.Close()) // 4 close
}

func TestAcceptWaitsForAClientAndHandsOverANewSocketAndTheClientsAddress(t *testing.T) {
	server := listen(t)
	accepted := make(chan net.Conn, 1)
	go func() {
		conn, _ := server.Accept() // nil if that fails
		accepted <- conn
	}()
	waitUntilBlockedIn(t, "(*TCPListener).Accept")
	assert.Empty(t, accepted, "no client yet: Accept has not returned")

	client := dial(t, server.Addr().String())
	conn := <-accepted
	require.NotNil(t, conn)
	defer conn.Close()
	assert.Equal(t, client.LocalAddr(), conn.RemoteAddr(), "accept's second value in Python")
	assert.NotEqual(t, fileno(t, server), fileno(t, conn.(*net.TCPConn)), "two sockets")

	second := dial(t, server.Addr().String())
	assert.Equal(t, second.LocalAddr(), accept(t, server).RemoteAddr(), "the listening socket stays")
}

func TestTheTwoEndsAddressesMirrorEachOtherAndTheClientsPortIsTheSystemsChoice(t *testing.T) {
	ln := listen(t) // on 127.0.0.1:0: port 0 asks for a free one
	assert.NotZero(t, ln.Addr().(*net.TCPAddr).Port)
	client := dial(t, ln.Addr().String())
	server := accept(t, ln)
	assert.Equal(t, server.LocalAddr(), client.RemoteAddr())
	assert.Equal(t, client.LocalAddr(), server.RemoteAddr())
	second := dial(t, ln.Addr().String())
	assert.NotEqual(t, client.LocalAddr(), second.LocalAddr(), "it changes from client to client")
}

func TestReadReturnsAtMostWhatFitsAndKeepsTheRest(t *testing.T) {
	server, client := connect(t)
	write(t, client, "hello")
	assert.Equal(t, "he", read(t, server, 2))
	assert.Equal(t, "ll", read(t, server, 2), "it waited in the kernel")
	assert.Equal(t, "o", read(t, server, 2), "fewer is no error")
}

func TestWriteIsSendallAndTakesEveryByte(t *testing.T) {
	server, client := connect(t)
	flood := bytes.Repeat([]byte("0123456789abcdef"), 1<<20) // more than the buffers of a connection hold
	sent := make(chan int)
	go func() {
		n, err := client.Write(flood)
		assert.NoError(t, err)
		client.Close()
		sent <- n
	}()
	received, err := io.ReadAll(server)
	require.NoError(t, err)
	assert.Equal(t, len(flood), <-sent)
	assert.True(t, bytes.Equal(flood, received), "the server has every byte, in order")
}

func TestTheWireCarriesBytesAndAReadCanEndInsideACharacter(t *testing.T) {
	server, client := connect(t)
	write(t, client, "走了")
	part := read(t, server, 4)
	assert.Equal(t, "\xe8\xb5\xb0\xe4", part, "a text's bytes are its UTF-8: one character and a third")
	assert.False(t, utf8.ValidString(part))
	assert.Equal(t, "走了", part+read(t, server, 4), "whole again with the next read")
}

func TestAServerMaySpeakFirstAndWhenBothSidesWaitNothingEverHappensUntilADeadline(t *testing.T) {
	server, client := connect(t)
	write(t, server, "byebye")
	assert.Equal(t, "byebye", read(t, client, 512), "the client has not said a word")

	synctest.Test(t, func(t *testing.T) { // a bubble with a clock of its own: five minutes pass at once
		server, client := net.Pipe()
		began := time.Now()
		ended := make(chan error)
		for _, conn := range []net.Conn{server, client} {
			require.NoError(t, conn.SetDeadline(began.Add(5*time.Minute)))
			go func() {
				_, err := conn.Read(make([]byte, 512))
				ended <- err
			}()
		}
		assert.ErrorIs(t, <-ended, os.ErrDeadlineExceeded)
		assert.ErrorIs(t, <-ended, os.ErrDeadlineExceeded)
		assert.Equal(t, 5*time.Minute, time.Since(began), "nothing came earlier")
	})
}

func TestTheSameExchangeRunsOverEveryFamilyOfAddresses(t *testing.T) {
	for name, c := range map[string]struct{ network, addr string }{
		"IPv4":               {"tcp4", "127.0.0.1:0"},
		"IPv6":               {"tcp6", "[::1]:0"},
		"either, here IPv4":  {"tcp", "127.0.0.1:0"},
		"either, here IPv6":  {"tcp", "[::1]:0"},
		"a file system path": {"unix", filepath.Join(shortTempDir(t), "socket")},
	} {
		t.Run(name, func(t *testing.T) {
			if strings.Contains(c.addr, "::1") {
				needsIPv6(t)
			}
			ln, err := Listen(c.network, c.addr)
			require.NoError(t, err)
			addr := ln.Addr().String()
			served := make(chan error, 1)
			go func() { served <- Serve(ln, patience, io.Discard) }()
			var shown strings.Builder
			require.NoError(t, Call(c.network, addr, patience, &shown))
			require.NoError(t, <-served)
			assert.Contains(t, shown.String(), ", remote "+addr+"\nsent \"hello\"\nreceived \"HELLO\"\n")
		})
	}
}

func TestBindRefusesAPortInUseAPortOutOfRangeAndAnAddressOfAnotherHost(t *testing.T) {
	_, err := net.Listen("tcp", listen(t).Addr().String())
	assert.ErrorContains(t, err, "bind: ")
	_, err = net.Listen("tcp", "198.51.100.1:0") // for documentation (RFC 5737): no machine has it
	assert.ErrorContains(t, err, "bind: ")
	for _, port := range []string{"-1", "65536"} {
		var invalid *net.AddrError
		_, err = net.Listen("tcp", "127.0.0.1:"+port)
		require.ErrorAs(t, err, &invalid)
		assert.Equal(t, "invalid port", invalid.Err)
	}
}

func TestEveryCallReturnsItsErrorWhichErrorsIsAndErrorsAsTellApart(t *testing.T) {
	server, client := connect(t)
	buf := make([]byte, 10)

	require.NoError(t, client.SetReadDeadline(time.Now().Add(time.Millisecond)))
	_, err := client.Read(buf)
	assert.ErrorIs(t, err, os.ErrDeadlineExceeded, "TimeoutError")

	require.NoError(t, server.Close())
	require.NoError(t, client.SetReadDeadline(time.Now().Add(patience)))
	n, err := client.Read(buf)
	assert.ErrorIs(t, err, io.EOF, "no error in Python: the other side has closed")
	assert.Zero(t, n, "Python returns these 0 bytes, and nothing else")

	require.NoError(t, client.Close())
	_, err = client.Read(buf)
	assert.ErrorIs(t, err, net.ErrClosed, "OSError: [Errno 9] Bad file descriptor")

	var lookup *net.DNSError
	_, err = net.LookupPort("tcp", "nosuch")
	assert.ErrorAs(t, err, &lookup, "OSError: service/proto not found")
}
