package transfer

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// changing lets a client get "big" and calls change when the first bytes are
// here and the last cannot be under way yet: more than the two kernels hold is
// still to come.
func changing(t *testing.T, change func(path string)) (server *serving, download string, err error) {
	t.Helper()
	server, download = serve(t, new(Server), t.TempDir()), t.TempDir()
	path := filepath.Join(server.dir, "big")
	write(t, server.dir, "big", "")
	require.NoError(t, os.Truncate(path, 24<<20))
	link := relay(t, server.addr, func(answer net.Conn, from io.Reader) {
		io.CopyN(answer, from, 1000)
		change(path)
		io.Copy(answer, from)
	})
	_, err = talk(t, Client{}, download, link, "get big")
	return server, download, err
}

func TestAFileThatIsTruncatedWhileItIsSentEndsTheConnection(t *testing.T) {
	nothingLeft(t)
	server, download, err := changing(t, func(path string) { require.NoError(t, os.Truncate(path, 20<<20)) })
	assert.ErrorContains(t, err, fmt.Sprintf("broke off after %d of %d bytes", 20<<20, 24<<20))
	assert.NotContains(t, files(t, download), "big")
	server.shown.until(t, fmt.Sprintf(`dropped: "big" has shrunk to %d bytes while it was sent`, 20<<20))
	_, err = talk(t, Client{}, t.TempDir(), server.addr, "get big")
	assert.NoError(t, err, "the server serves the next client")
}

func TestAFileThatIsWrittenToWhileItIsSentIsNoticed(t *testing.T) {
	_, download, err := changing(t, func(path string) {
		file, err := os.OpenFile(path, os.O_WRONLY, 0)
		require.NoError(t, err)
		defer file.Close()
		_, err = file.WriteAt([]byte("changed"), 23<<20)
		require.NoError(t, err)
	})
	assert.ErrorContains(t, err, "it was changed or damaged on its way")
	assert.Empty(t, files(t, download))
}

func TestAFileThatGrowsOrIsReplacedWhileItIsSentArrivesAsItWas(t *testing.T) {
	for _, change := range []func(path string){
		func(path string) { require.NoError(t, os.Truncate(path, 25<<20)) },
		func(path string) {
			require.NoError(t, os.WriteFile(path+" new", []byte("new"), 0o666))
			require.NoError(t, os.Rename(path+" new", path))
		},
	} {
		_, download, err := changing(t, change)
		assert.NoError(t, err)
		info, err := os.Stat(filepath.Join(download, "big"))
		require.NoError(t, err)
		assert.EqualValues(t, 24<<20, info.Size())
	}
}
