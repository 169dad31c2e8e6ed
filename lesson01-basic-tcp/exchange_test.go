package basictcp

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What the lesson's own pair says and shows, and what becomes of it when the other
// side leaves.

// serve runs Serve for one client, and returns what it has shown and how it ended.
func serve(ln net.Listener) (shown string, err error) {
	var out strings.Builder
	err = Serve(ln, patience, &out)
	return out.String(), err
}

// call runs Call in the background and returns its two results in a function.
func call(addr string) (wait func() (shown string, err error)) {
	var out strings.Builder
	ended := make(chan error, 1)
	go func() { ended <- Call("tcp", addr, patience, &out) }()
	return func() (string, error) {
		err := <-ended
		return out.String(), err
	}
}

func TestBothSidesShowTheirAddressesAndWhatTheySendAndReceive(t *testing.T) {
	ln := listen(t)
	client := call(ln.Addr().String())
	atServer, err := serve(ln)
	require.NoError(t, err)
	atClient, err := client()
	require.NoError(t, err)

	var local, remote string
	_, err = fmt.Sscanf(atClient, "connected: local %s remote %s", &local, &remote)
	require.NoError(t, err)
	local = strings.TrimSuffix(local, ",")
	assert.Equal(t, ln.Addr().String(), remote)
	assert.Equal(t, fmt.Sprintf("connected: local %s, remote %s\nsent \"hello\"\nreceived \"HELLO\"\n", local, remote), atClient)
	assert.Equal(t, fmt.Sprintf("listening on %s\nconnected: local %[1]s, remote %s\nreceived \"hello\"\nsent \"HELLO\"\n", remote, local), atServer)
}

func TestServeTakesOneClientAndClosesBothSockets(t *testing.T) {
	ln := listen(t)
	client := dial(t, ln.Addr().String())
	write(t, client, "once")
	_, err := serve(ln)
	require.NoError(t, err)
	reply, err := io.ReadAll(client) // returns because the server has closed the connection
	require.NoError(t, err)
	assert.Equal(t, "ONCE", string(reply))
	_, err = serve(ln)
	assert.ErrorIs(t, err, net.ErrClosed, "Accept's error comes back")
}

func TestAPeerThatLeavesWithoutAWordIsAnErrorThatWrapsEOF(t *testing.T) {
	ln := listen(t)
	silent := dial(t, ln.Addr().String())
	require.NoError(t, silent.Close())
	_, err := serve(ln)
	assert.ErrorIs(t, err, io.EOF)
	assert.EqualError(t, err, "no message from "+silent.LocalAddr().String()+": EOF")

	ln = listen(t)
	client := call(ln.Addr().String())
	conn := accept(t, ln)
	read(t, conn, 100)
	require.NoError(t, conn.Close())
	_, err = client()
	assert.ErrorIs(t, err, io.EOF)
	assert.EqualError(t, err, "no answer from "+ln.Addr().String()+": EOF")
}

func TestWhatAPeerSendsIsShownQuotedAndCutWhereTheBufferEnds(t *testing.T) {
	kilobyte := strings.Repeat("x", 1024)
	for sent, want := range map[string]string{
		"\x1b[2J\n\xff":   `"\x1b[2J\n\xff"`, // none of them reaches the terminal
		kilobyte + "more": `"` + kilobyte + `"`,
	} {
		ln := listen(t)
		write(t, dial(t, ln.Addr().String()), sent)
		shown, err := serve(ln)
		require.NoError(t, err)
		assert.Contains(t, shown, "\nreceived "+want+"\n")

		ln = listen(t)
		client := call(ln.Addr().String())
		conn := accept(t, ln)
		write(t, conn, sent)
		shown, err = client()
		require.NoError(t, err)
		assert.Contains(t, shown, "\nreceived "+want+"\n")
		_, err = io.Copy(io.Discard, conn)
		assert.NotErrorIs(t, err, os.ErrDeadlineExceeded, "Call has closed the connection")
	}
}

func TestUpperChanges26BytesAndLeavesTheOthersAloneWhereBytesToUpperDoesNot(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	changed := ""
	before := bytes.Clone(all)
	upper(all)
	for i, c := range all {
		if c != before[i] {
			changed += string(before[i : i+1])
			assert.Equal(t, before[i]-32, c)
		}
	}
	assert.Equal(t, "abcdefghijklmnopqrstuvwxyz", changed)

	part := []byte("走了")[:4] // a read can end inside a character
	assert.Equal(t, "走\uFFFD", string(bytes.ToUpper(part)), "what is not UTF-8 is replaced")
	assert.Equal(t, "Ä", string(bytes.ToUpper([]byte("ä"))), "and other letters have capitals, too")
}

func TestAll256ByteValuesComeBackAlikeFromEveryServer(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	want := bytes.Clone(all)
	upper(want)
	for _, kind := range kinds {
		conn := dial(t, startSide(t, kind, "upper_server", "127.0.0.1:0").listening(t))
		write(t, conn, string(all))
		answer, err := io.ReadAll(conn)
		require.NoError(t, err)
		assert.Equal(t, want, answer, kind)
	}
}
