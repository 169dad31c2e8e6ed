package udp

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheClientEndsInGoodOrderAtTheEndOfItsInput(t *testing.T) {
	addr := serve(t, nil)
	client := startClient(t, addr.String())
	_, err := io.WriteString(client.stdin, "hello\nno enter")
	require.NoError(t, err)
	require.NoError(t, client.stdin.Close())
	status, lines := client.exit(t)
	assert.Zero(t, status)
	assert.Equal(t, []string{answer("HELLO", addr), answer("NO ENTER", addr)}, lines)
}

func TestAnInputThatBreaksOffIsAnError(t *testing.T) {
	_, silent := bind(t)
	broken := errors.New("the disk is gone")
	in := io.MultiReader(strings.NewReader("hello\n"), iotest.ErrReader(broken))
	err := (&Client{Timeout: time.Nanosecond}).Talk(silent.String(), in, io.Discard)
	assert.ErrorIs(t, err, broken, "more than that a message had no answer")
}

func TestTheCommandLineIsHeldToWhatTheFlagsSay(t *testing.T) {
	_, taken := bind(t)
	for _, c := range []struct {
		command string
		status  int
		says    string
	}{
		{"server -addr " + taken.String(), 1, "choose another with -addr"},
		{"client -timeout 0s", 2, "must be more than 0"},
		{"client -retries -1", 2, "must be from 0 to 10"},
		{"client -retries 11", 2, "must be from 0 to 10"},
		{"client -connect -broadcast", 2, "choose one (-h lists the flags)"},
	} {
		words := strings.Fields(c.command)
		status, lines := startGo(t, words[0], words[1:]...).exit(t)
		assert.Equal(t, c.status, status, c.command)
		require.Len(t, lines, 1, c.command)
		assert.Contains(t, lines[0], c.says)
	}
}
