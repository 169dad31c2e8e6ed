package remote

import (
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestASilentClientIsDroppedAfterTheIdleTimeout(t *testing.T) {
	server := serve(t, Server{IdleTimeout: 100 * time.Millisecond})
	conn := connect(t, server.addr)
	_, err := conn.Read(make([]byte, 1))
	assert.Equal(t, io.EOF, err)
	server.shown.until(t, here(conn)+" dropped: "+here(conn)+" was silent for 100ms: i/o timeout")
}

func TestASilentClientIsDroppedAfterFiveMinutesUnlessToldOtherwise(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, conn := net.Pipe()
		defer client.Close()
		began := time.Now()
		new(Server).handle(t.Context(), conn, newJournal(nil))
		assert.Equal(t, 5*time.Minute, time.Since(began))
	})
}

func TestAClientWhoseCommandRunsIsNotSilent(t *testing.T) {
	server := serve(t, Server{IdleTimeout: 500 * time.Millisecond})
	conn := connect(t, server.addr)
	send(t, conn, "sleep 0.8; echo hi")
	receive(t, conn, "hi\n")
	server.shown.until(t, "was silent for 500ms: i/o timeout")
}
