package transfer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sayToGet asks a server for name and returns what the answer says.
func sayToGet(t *testing.T, addr, name string) string {
	t.Helper()
	conn := connect(t, addr)
	defer conn.Close()
	send(t, conn, "get "+name)
	h, content := answered(t, conn)
	if h.Error != "" {
		assert.Equal(t, "error.txt", h.FileName)
		assert.Equal(t, h.Error+"\n", content)
		return h.Error
	}
	assert.Equal(t, name, h.FileName)
	return content
}

func TestADirectoryIsNoFile(t *testing.T) {
	server := serve(t, new(Server), shared(t))
	assert.Equal(t, "not a regular file", sayToGet(t, server.addr, "poems"))
	assert.Equal(t, "no such file", sayToGet(t, server.addr, "nosuch"))
	assert.Contains(t, []string{"it cannot be read", "no such file"}, sayToGet(t, server.addr, "hello.txt/either"), "as the system has it")
	assert.Equal(t, "it cannot be read", sayToGet(t, server.addr, strings.Repeat("long", 1000)))
	assert.Equal(t, errRequest.Error(), sayToGet(t, server.addr, strings.Repeat("x", maxRequest)), "too long")
}

func TestAFileIsLookedAtAgainOnceItIsOpen(t *testing.T) {
	dir, err := os.Open("share")
	require.NoError(t, err)
	_, err = regular(dir)
	assert.Equal(t, errNotRegular, err)
	require.NoError(t, dir.Close())
	_, err = regular(dir)
	assert.ErrorIs(t, err, os.ErrClosed)
}

func TestTheReasonTellsNothingAboutTheServersMachine(t *testing.T) {
	path := &fs.PathError{Op: "openat", Path: "/home/somebody", Err: errors.New("secret")}
	for err, want := range map[error]string{
		path:                         "it cannot be read",
		errors.New("/home/somebody"): "it cannot be read",
		&fs.PathError{Path: "/home/somebody", Err: os.ErrNotExist}:   "no such file",
		&fs.PathError{Path: "/home/somebody", Err: os.ErrPermission}: "permission denied",
		errNotRegular:                         "not a regular file",
		errRequest:                            errRequest.Error(),
		fmt.Errorf("%w: %q", errName, "\x1b"): `not the name of a shared file: "\x1b"`,
	} {
		assert.Equal(t, want, reason(err))
	}
}

func TestAnEmptyFileThatGetsItsFirstByteIsNotRefused(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "log", "a line")
	file, err := os.Open(filepath.Join(dir, "log"))
	require.NoError(t, err)
	defer file.Close()
	assert.NoError(t, checkSize(file, 0), "it was empty when it was looked at")
	assert.Equal(t, errSize, checkSize(file, 7), "it has shrunk")
}

func TestAFileThatShrinksWhileItIsHashedIsRefusedInWords(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a", "words")
	file, info, err := open(openRoot(t, dir), "a")
	require.NoError(t, err)
	defer file.Close()
	require.NoError(t, os.Truncate(filepath.Join(dir, "a"), 3))
	_, err = new(checksums).of(t.Context(), "a", file, info)
	assert.Equal(t, errSize.Error(), reason(err))
}
