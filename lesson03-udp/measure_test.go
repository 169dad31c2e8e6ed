package udp

import (
	"bytes"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
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
				capitalize(buf[:n])
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

func TestTCPAndUDPAreMeasuredWithTheSameMessages(t *testing.T) {
	for _, over := range transports {
		t.Run(over.name, func(t *testing.T) {
			conn := &countingConn{Conn: over.dial(t)}
			require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
			require.NoError(t, roundTrips(conn, []byte("hello"), 3))
			assert.Equal(t, over.name, conn.LocalAddr().Network())
			assert.Equal(t, "hellohellohello", conn.sent.String())
			assert.Equal(t, "HELLOHELLOHELLO", conn.received.String())
		})
	}
}
