//go:build unix

package transfer

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestALinkThatStaysInsideIsFollowedAndOneThatLeadsOutIsNot(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "secret", "not for you")
	write(t, dir, "share/inside/words", "for you")
	share := filepath.Join(dir, "share")
	for name, target := range map[string]string{
		"out":         "../secret",
		"far out":     "/etc/hostname",
		"absolute":    filepath.Join(share, "inside/words"),
		"dir out":     "..",
		"inside/out":  "../../secret",
		"round":       "round",
		"in":          "inside/words",
		"dir in":      "inside",
		"out and in":  "../share/inside/words",
		"to out":      "out",
		"to the root": "/",
	} {
		require.NoError(t, os.Symlink(target, filepath.Join(share, name)))
	}
	server := serve(t, new(Server), share)
	for _, name := range []string{"out", "far out", "absolute", "dir out/secret", "inside/out", "round", "out and in", "to out", "to the root/etc/hostname"} {
		want := errLink.Error()
		if name == "round" {
			want = "it cannot be read"
		}
		assert.Equal(t, want, sayToGet(t, server.addr, name), name)
	}
	assert.Equal(t, "for you", sayToGet(t, server.addr, "in"))
	assert.Equal(t, "for you", sayToGet(t, server.addr, "dir in/words"))
}

func TestPipesSocketsAndDevicesAreNotOpened(t *testing.T) {
	nothingLeft(t)
	server := serve(t, new(Server), t.TempDir())
	require.NoError(t, syscall.Mkfifo(filepath.Join(server.dir, "pipe"), 0o666))
	ln, err := net.Listen("unix", filepath.Join(server.dir, "socket"))
	require.NoError(t, err)
	defer ln.Close()
	names := []string{"pipe", "socket"}
	switch err := syscall.Mknod(filepath.Join(server.dir, "zero"), syscall.S_IFCHR|0o666, 1<<8|5); {
	case err == nil:
		names = append(names, "zero") // /dev/zero by another name
	case errors.Is(err, syscall.EPERM): // only root makes devices
	default:
		require.NoError(t, err)
	}
	for _, name := range names {
		assert.Equal(t, "not a regular file", sayToGet(t, server.addr, name))
	}
}

// A name can come to stand for a pipe after it was looked at.
func TestAPipeThatTakesAFilesPlaceDoesNotHoldTheServer(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o666))
	file, err := openRoot(t, dir).OpenFile("pipe", os.O_RDONLY|nonBlocking, 0)
	require.NoError(t, err, "returns at once, though nobody writes")
	assert.NoError(t, file.Close())
}

func TestWhatTheServerMayNotReadIsPermissionDenied(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read everything")
	}
	server := serve(t, new(Server), t.TempDir())
	write(t, server.dir, "private", "not for you")
	require.NoError(t, os.Chmod(filepath.Join(server.dir, "private"), 0))
	assert.Equal(t, "permission denied", sayToGet(t, server.addr, "private"))
}

func TestTheClientWritesThroughNoLinkThatLeadsOut(t *testing.T) {
	server, dir := serve(t, new(Server), shared(t)), t.TempDir()
	download := filepath.Join(dir, "download")
	write(t, dir, "mine", "mine")
	require.NoError(t, os.MkdirAll(download, 0o777))
	require.NoError(t, os.Symlink("..", filepath.Join(download, "poems")))
	_, err := talk(t, Client{Force: true}, download, server.addr, "get poems/套接字.txt")
	assert.Error(t, err)

	part := filepath.Join(download, partName("hello.txt", helloMD5))
	require.NoError(t, os.Symlink("../mine", part))
	_, err = talk(t, Client{Force: true}, download, server.addr, "get hello.txt")
	assert.Error(t, err)
	require.NoError(t, os.Remove(part))

	require.NoError(t, os.Symlink("../mine", filepath.Join(download, "hello.txt")))
	_, err = talk(t, Client{}, download, server.addr, "get hello.txt")
	assert.ErrorContains(t, err, "is here already")
	_, err = talk(t, Client{Force: true}, download, server.addr, "get hello.txt")
	assert.NoError(t, err, "the link itself is replaced")
	assert.Equal(t, map[string]string{"mine": "mine", "download/hello.txt": hello}, onlyFiles(t, dir))
}

func TestALinkInAPartsPlaceIsNeitherResumedNorWrittenThrough(t *testing.T) {
	server, download := serve(t, new(Server), shared(t)), t.TempDir()
	write(t, download, "mine", hello[:10])
	require.NoError(t, os.Symlink("mine", filepath.Join(download, partName("hello.txt", helloMD5))))
	p := findPart(openRoot(t, download), "hello.txt")
	defer p.close()
	assert.Zero(t, p.size)
	for _, client := range []Client{{}, {Resume: true}, {Force: true}} {
		_, err := talk(t, client, download, server.addr, "get hello.txt")
		assert.Error(t, err)
	}
	assert.Equal(t, map[string]string{"mine": hello[:10]}, onlyFiles(t, download))
}

// onlyFiles is files without the links.
func onlyFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.Type()&os.ModeSymlink != 0 {
			return os.Remove(path)
		}
		return err
	}))
	return files(t, dir)
}

func TestAServerIsBoundToItsDirectoryAndNotToItsName(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "share/words", "for you")
	server := serve(t, new(Server), filepath.Join(dir, "share"))
	require.NoError(t, os.Rename(filepath.Join(dir, "share"), filepath.Join(dir, "moved")))
	write(t, dir, "share/words", "not for you")
	assert.Equal(t, "for you", sayToGet(t, server.addr, "words"))
}
