//go:build unix

package remote

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each side chooses its path, and is told the other's.
func TestTheNameOfASocketNeverReachesTheTerminalRaw(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "") // the path of a socket has to be short
	require.NoError(t, err)
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "\x1b[2J\nforged: ")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	shown, served := make(shown, 10), make(chan error, 1)
	server := &Server{IdleTimeout: soon, Log: shown}
	go func() { served <- server.ListenAndServe(ctx, "unix", name+"s") }()
	assert.Equal(t, "listening on "+unquoted(name+"s"), shown.line(t))

	dialer := net.Dialer{LocalAddr: &net.UnixAddr{Name: name + "c", Net: "unix"}}
	conn, err := dialer.Dial("unix", name+"s")
	require.NoError(t, err)
	assert.Equal(t, strconv.Quote(name+"c")+" connected", shown.line(t))
	assert.Equal(t, strconv.Quote(name+"c")+" dropped: "+unquoted(name+"c")+" was silent for 500ms: i/o timeout", shown.line(t))

	var seen strings.Builder
	require.NoError(t, new(Client).Talk(conn, strings.NewReader(""), &seen))
	assert.Equal(t, "connected: local "+strconv.Quote(name+"c")+", remote "+strconv.Quote(name+"s")+"\n", seen.String())
	stop()
	assert.NoError(t, <-served)
}

// unquoted returns text with what is not printable as %q has it.
func unquoted(text string) string {
	quoted := strconv.Quote(text)
	return quoted[1 : len(quoted)-1]
}
