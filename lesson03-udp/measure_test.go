package udp

import (
	"bytes"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

// roundTrips sends msg count times over conn and waits for each answer. It is
// the same for TCP and UDP: both are a net.Conn here.
func roundTrips(conn net.Conn, msg []byte, count int) error {
	answer := make([]byte, len(msg))
	for range count {
		if _, err := conn.Write(msg); err != nil {
			return err
		}
		for got := 0; got < len(msg); {
			n, err := conn.Read(answer[got:])
			if err != nil {
				return err
			}
			got += n
		}
	}
	return nil
}

// A transport is a way to the same answers: dial opens a socket to a server
// that answers in capitals.
type transport struct {
	name string
	dial func(t testing.TB) net.Conn
}

var transports = []transport{{"tcp", dialTCP}, {"udp", dialUDP}}

func dialTCP(t testing.TB) net.Conn { return dial(t, "tcp", upperOverTCP(t)) }

func dialUDP(t testing.TB) net.Conn { return dial(t, "udp", serve(t, nil).String()) }

func dial(t testing.TB, network, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial(network, addr)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return conn
}

// upperOverTCP runs lesson 2's server, reduced to its loops, and returns its
// address.
func upperOverTCP(t testing.TB) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			conn, err := ln.Accept()
			if err != nil {
				return // the test is over
			}
			buf := make([]byte, maxMessage)
			for {
				n, err := conn.Read(buf)
				if err != nil {
					break // the client has left
				}
				upper(buf[:n])
				if _, err := conn.Write(buf[:n]); err != nil {
					break
				}
			}
			conn.Close()
		}
	}()
	t.Cleanup(func() { ln.Close(); <-ended })
	return ln.Addr().String()
}

// A countingConn keeps what passes.
type countingConn struct {
	net.Conn
	sent, received bytes.Buffer
}

func (c *countingConn) Write(p []byte) (int, error) {
	c.sent.Write(p)
	return c.Conn.Write(p)
}

func (c *countingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.received.Write(p[:n])
	return n, err
}

// BenchmarkRoundTrip measures a question and its answer over both transports:
// over a socket that stays, and with a new one for each message.
func BenchmarkRoundTrip(b *testing.B) {
	msg := []byte("hello")
	for _, over := range transports {
		b.Run(over.name, func(b *testing.B) {
			conn := over.dial(b)
			b.ResetTimer()
			require.NoError(b, roundTrips(conn, msg, b.N))
		})
	}
	for _, over := range []struct{ network, addr string }{{"tcp", upperOverTCP(b)}, {"udp", serve(b, nil).String()}} {
		b.Run(over.network+" with a socket for each message", func(b *testing.B) {
			for range b.N {
				conn, err := net.Dial(over.network, over.addr)
				require.NoError(b, err)
				require.NoError(b, roundTrips(conn, msg, 1))
				require.NoError(b, conn.Close())
			}
		})
	}
}
