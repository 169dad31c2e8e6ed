package udp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheServerShowsWhoSentWhat(t *testing.T) {
	lines := make(shown, 10)
	addr := serve(t, lines)
	assert.Equal(t, fmt.Sprint("listening on ", addr), await(t, lines))
	for _, msg := range []string{"hello", "", "\x1b[31mred\t\xff 你好"} {
		client, clientAddr := bind(t)
		say(t, client, msg, addr)
		assert.Equal(t, fmt.Sprintf("%v received %q", clientAddr, msg), await(t, lines), "never raw")
	}
}

func TestTheServerAllocatesNothingForAMessage(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "journal"))
	require.NoError(t, err)
	defer file.Close()
	addr := serve(t, file)
	client, _ := bind(t)
	msg, buf := []byte("你好, hello, \x00"), make([]byte, 100)
	exchange := func() {
		if _, err := client.WriteToUDPAddrPort(msg, addr); err != nil {
			panic(err)
		}
		if n, _, err := client.ReadFromUDPAddrPort(buf); err != nil || n != len(msg) {
			panic("no answer")
		}
	}
	for range 100 { // until the buffers have the size they need
		exchange()
	}
	assert.Zero(t, testing.AllocsPerRun(200, exchange), "counted over server and client, with the journal showing")
}

func TestAWaitingServerIsStopped(t *testing.T) {
	conn, addr := bind(t)
	var log strings.Builder
	stop, ended := serving(t, conn, &log)
	client, _ := bind(t)
	say(t, client, "hello", addr)
	require.Equal(t, "HELLO", heard(t, client))
	stop()
	assert.NoError(t, await(t, ended))
	assert.NotContains(t, log.String(), "trying again", "stopping is not a failure")
	bindTo(t, addr.String()) // the port is free again
}

func TestServeEndsWithAnErrorOnlyWhenItsSocketIsClosedByOthers(t *testing.T) {
	conn, addr := bind(t)
	var log strings.Builder
	_, ended := serving(t, conn, &log)
	client, _ := bind(t)
	say(t, client, "still there?", addr)
	require.Equal(t, "STILL THERE?", heard(t, client))
	require.NoError(t, conn.Close())
	err := await(t, ended)
	assert.ErrorIs(t, err, net.ErrClosed)
	assert.ErrorContains(t, err, "cannot receive any more")
	assert.NotContains(t, log.String(), "trying again")
}

func TestTheServerServesOnAfterAnErrorAndDoesNotSpin(t *testing.T) {
	conn, addr := bind(t)
	client, _ := bind(t)
	lines := make(shown, 1000)
	serveOn(t, conn, lines)
	await(t, lines) // its address
	for range 2 {   // the second time from the start: a datagram has come in between
		require.NoError(t, conn.SetReadDeadline(time.Now())) // as good as any other error: ctx has not ended
		for _, pause := range []string{"5ms", "10ms", "20ms"} {
			assert.Equal(t, fmt.Sprintf("cannot receive a datagram, trying again in %s: read udp4 %v: i/o timeout", pause, addr), await(t, lines))
		}
		require.NoError(t, conn.SetReadDeadline(time.Time{}))
		say(t, client, "hello", addr)
		assert.Equal(t, "HELLO", heard(t, client))
		for !strings.Contains(await(t, lines), `received "hello"`) {
			continue // on a busy machine it has failed once more
		}
	}
}

func TestThePauseGrowsToASecondAndEndsWithTheServer(t *testing.T) {
	conn, _ := bind(t)
	require.NoError(t, conn.SetReadDeadline(time.Unix(1, 0))) // every read fails at once
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), 3*time.Second)
		defer stop()
		begin := time.Now()
		var log strings.Builder
		assert.NoError(t, (&Server{Log: &log}).Serve(ctx, conn))
		assert.Equal(t, 3*time.Second, time.Since(begin), "in the middle of a pause")
		var pauses []string
		for _, match := range regexp.MustCompile(`trying again in (\w+):`).FindAllStringSubmatch(log.String(), -1) {
			pauses = append(pauses, match[1])
		}
		assert.Equal(t, []string{"5ms", "10ms", "20ms", "40ms", "80ms", "160ms", "320ms", "640ms", "1s", "1s"}, pauses)
	})
	assert.True(t, errors.Is(conn.Close(), net.ErrClosed), "Serve has closed it")
}
