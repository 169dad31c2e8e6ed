package remote

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// talk lets a client talk to the test, which is the server.
func talk(t testing.TB, client Client, in io.Reader, out io.Writer) (conn *net.TCPConn, talked chan error) {
	t.Helper()
	ln := listen(t)
	talked = make(chan error, 1)
	dialled, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	go func() { talked <- client.Talk(dialled, in, out) }()
	return asServer(t, ln), talked
}

func TestTheClientSendsEachLineWithoutItsBlanksAndPassesOverEmptyOnes(t *testing.T) {
	var shown strings.Builder
	conn, talked := talk(t, Client{}, strings.NewReader("\n  \t \n  echo hi  \r\n\necho  bye"), &shown)
	receive(t, conn, "echo hi")
	send(t, conn, "hi\n")
	receive(t, conn, "echo  bye")
	send(t, conn, "bye\n")
	require.NoError(t, <-talked)
	receiveEnd(t, conn)
	assert.Regexp(t, `^connected: local 127\.0\.0\.1:\d+, remote 127\.0\.0\.1:\d+\nhi\nbye\n$`, shown.String())
}

func TestTheClientSendsACommandOf1024BytesAndNoLongerOne(t *testing.T) {
	longest := strings.Repeat("x", 1024)
	conn, talked := talk(t, Client{}, strings.NewReader(" "+longest+" \n"+longest+"x\n"), io.Discard)
	receive(t, conn, longest)
	send(t, conn, "fine")
	assert.Equal(t, errTooLong, <-talked)
	receiveEnd(t, conn)
}

func TestTheClientSaysWhenItsInputFails(t *testing.T) {
	failing := errors.New("the terminal is gone")
	_, talked := talk(t, Client{}, iotest.ErrReader(failing), io.Discard)
	assert.ErrorIs(t, <-talked, failing)
}

func TestAClientWhoseServerLeavesSaysSo(t *testing.T) {
	conn, talked := talk(t, Client{}, strings.NewReader("one\n"), io.Discard)
	receive(t, conn, "one")
	require.NoError(t, conn.Close())
	err := <-talked
	assert.ErrorIs(t, err, io.EOF)
	assert.ErrorContains(t, err, "no answer: ")
}

func TestAClientThatCannotSendSaysSo(t *testing.T) {
	ln := listen(t)
	conn, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	assert.ErrorIs(t, new(Client).Talk(conn, strings.NewReader("one\n"), io.Discard), net.ErrClosed)
}

func TestAClientWaits15SecondsForAnAnswerUnlessToldOtherwise(t *testing.T) {
	for _, x := range []struct{ told, waits time.Duration }{{0, 15 * time.Second}, {time.Minute, time.Minute}} {
		synctest.Test(t, func(t *testing.T) {
			client := Client{Timeout: x.told}
			conn, server := net.Pipe()
			defer server.Close()
			go server.Read(make([]byte, 1024)) // and no answer
			began := time.Now()
			assert.ErrorIs(t, client.Talk(conn, strings.NewReader("one\n"), io.Discard), os.ErrDeadlineExceeded)
			assert.Equal(t, x.waits, time.Since(began))
		})
	}
}

func TestAClientDoesNotWaitForEverForAServerThatReadsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, server := net.Pipe()
		defer server.Close()
		began := time.Now()
		err := new(Client).Talk(conn, strings.NewReader("one\n"), io.Discard)
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
		assert.ErrorContains(t, err, "took nothing for 15s")
		assert.Equal(t, 15*time.Second, time.Since(began))
	})
}
