package transfer

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A place is a directory with the folders that the Python programs look for
// beside their own, and the plain ones where they are started.
type place struct{ dir, share, download string }

func newPlace(t testing.TB) place {
	t.Helper()
	noticeSources()
	dir := t.TempDir()
	p := place{dir, filepath.Join(dir, "share"), filepath.Join(dir, "download")}
	require.NoError(t, os.Mkdir(p.share, 0o777))
	require.NoError(t, os.Mkdir(p.download, 0o777))
	require.NoError(t, os.CopyFS(filepath.Join(dir, "python"), os.DirFS("python")))
	return p
}

// kinds are the programs there are of a side: Python's, its plain twin, and the
// lesson's own.
var kinds = []string{"Python", "plain", "own"}

// startServer starts the server of a kind, and returns it and its address.
func (p place) startServer(t testing.TB, kind string) (server *program, addr string) {
	t.Helper()
	if kind == "own" {
		server = startGo(t, "server", "-addr", "127.0.0.1:0", "-dir", p.share)
	} else {
		server = p.startTwin(t, kind, "file_server", "127.0.0.1:0")
	}
	return server, server.listening(t)
}

// startClient starts the client of a kind.
func (p place) startClient(t testing.TB, kind, addr string) *program {
	t.Helper()
	if kind == "own" {
		return startGo(t, "client", "-addr", addr, "-dir", p.download)
	}
	return p.startTwin(t, kind, "file_client", addr)
}

// startTwin starts python/NAME.py or plain/NAME.
func (p place) startTwin(t testing.TB, kind, name, addr string) *program {
	t.Helper()
	if kind == "Python" {
		return start(t, exec.Command(python3(t), "-u", filepath.Join(p.dir, "python", name+".py"), addr))
	}
	cmd := exec.Command(built(t, name), addr)
	cmd.Dir = p.dir
	return start(t, cmd)
}

// shared returns a directory with what the course shares. It is written anew: a
// checkout can have other line ends, and then other sizes.
func shared(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "hello.txt", hello)
	write(t, dir, "a name with blanks.txt", "A name may have blanks in it.\n")
	write(t, dir, "poems/套接字.txt", "端口开着门\n字节一个个来\n先说有多长\n")
	return dir
}
