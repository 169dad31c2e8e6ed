package sticky

import (
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestASilentClientIsDroppedAfterTheIdleTimeout(t *testing.T) {
	for said, read := range map[string]string{"nothing": "", "half a message": "1"} {
		t.Run(said, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := serveInBubble(Server{})
				client := server.dial()
				send(t, client, read)
				began := time.Now()
				receiveEOF(t, client) // waits until the server closes
				assert.Equal(t, 5*time.Minute, time.Since(began))
				server.stop(t)
				assert.Equal(t, "pipe connected\n", <-server.shown)
				assert.Equal(t, "pipe dropped: pipe was silent for 5m0s: i/o timeout\n", <-server.shown)
			})
		})
	}
}

func TestAClientThatSpeaksInTimeStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(Server{IdleTimeout: time.Minute})
		client := server.dial()
		for range 100 {
			<-time.After(59 * time.Second) // of the bubble's time
			roundTrip(t, client)
		}
		client.Close()
		server.stop(t)
	})
}

func TestAClientThatTakesNoAnswerIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(Server{IdleTimeout: time.Minute})
		client := server.dial()
		began := time.Now()
		send(t, client, "3\n")
		for _, line := range []string{"connected", `received 1 bytes: "3"`, "dropped: pipe took nothing for 1m0s: i/o timeout"} {
			assert.Equal(t, "pipe "+line+"\n", <-server.shown)
		}
		assert.Equal(t, time.Minute, time.Since(began))
		server.stop(t)
		client.Close()
	})
}

func TestAClientThatTakesItsAnswerSlowlyStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := serveInBubble(Server{IdleTimeout: time.Minute})
		client := server.dial()
		send(t, client, "3\n")
		for _, c := range []byte("1 2 3\n") {
			<-time.After(59 * time.Second) // of the bubble's time
			buf := make([]byte, 1)
			_, err := client.Read(buf)
			require.NoError(t, err)
			assert.Equal(t, c, buf[0])
		}
		client.Close()
		server.stop(t)
	})
}

func TestIdleTimeoutIsALimitOfTheProgram(t *testing.T) {
	server := startGo(t, "server", "-framing", "header", "-idle-timeout", "20ms", "-addr", "127.0.0.1:0")
	client := connect(t, server.listening(t))
	receiveEOF(t, client)
	assert.Equal(t, []string{
		here(client) + " connected",
		here(client) + " dropped: " + here(client) + " was silent for 20ms: i/o timeout",
	}, server.nextLines(t, 2))
}

func TestAConnectionThatIsClosedHasNoDeadlineToSet(t *testing.T) {
	conn, peer := net.Pipe()
	defer peer.Close()
	limited := limit(t.Context(), conn, time.Minute)
	require.NoError(t, limited.Close())
	_, err := limited.Read(make([]byte, 1))
	assert.ErrorIs(t, err, io.ErrClosedPipe)
	_, err = limited.Write([]byte("x"))
	assert.ErrorIs(t, err, io.ErrClosedPipe)
}
