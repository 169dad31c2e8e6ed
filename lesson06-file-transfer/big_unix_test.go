//go:build unix && !race

package transfer

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The file is sparse, and so is the part that stands for what a person has of
// it already: neither takes room on the disk. The client hashes all of it.
func TestAFileOf3GiBIsResumedPast2GiBAndChecked(t *testing.T) {
	if os.Getenv("CI") != "true" {
		t.Skip("hashes 3 GiB: runs with CI=true")
	}
	const size, here = 3 << 30, 3<<30 - 1<<20
	const md5 = "82ed1c693d75e2f59ca054d8ea4ed4c4"
	share, download := t.TempDir(), t.TempDir()
	write(t, share, "big", "the beginning")
	file, err := os.OpenFile(filepath.Join(share, "big"), os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = file.WriteAt([]byte("the end"), size-7)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	part := filepath.Join(download, partName("big", md5))
	require.NoError(t, os.WriteFile(part, []byte("the beginning"), 0o666))
	require.NoError(t, os.Truncate(part, here))

	server := new(Server)
	serving := serve(t, server, share)
	know(t, server, share, "big", md5) // the same seconds once more would prove nothing more
	client := startGo(t, "client", "-addr", serving.addr, "-dir", download, "-resume", "get", "big")
	status, lines := client.exit(t)
	assert.Zero(t, status, lines)
	assert.Equal(t, fmt.Sprintf(`"big": %d bytes, md5 is right`, size), lines[len(lines)-1])
	serving.shown.until(t, fmt.Sprintf(`has "big": %d bytes from %d on`, size-here, here))
	got, err := os.Open(filepath.Join(download, "big"))
	require.NoError(t, err)
	defer got.Close()
	end := make([]byte, 8)
	_, err = got.ReadAt(end, size-8)
	require.NoError(t, err)
	assert.Equal(t, "\x00the end", string(end))
}

func TestNobodyComputesTheMd5ForAClientThatHasLeft(t *testing.T) {
	nothingLeft(t)
	server := serve(t, &Server{MaxClients: 2}, shareBig(t, 1<<40)) // hours to hash
	write(t, server.dir, "small", "words")
	waiting, leaving := connect(t, server.addr), connect(t, server.addr)
	send(t, leaving, "get big")
	server.shown.until(t, here(leaving)+` asks "get big"`)
	require.NoError(t, leaving.Close())
	send(t, waiting, "get big")
	h, content := answered(t, waiting)
	assert.Equal(t, "its md5 is being computed, 1% so far: ask again\n", content, "who stays hears of it")
	assert.Equal(t, 1, h.Hashed)
	assert.Equal(t, "words", sayToGet(t, server.addr, "small"), "the place of who has left is free again")
}
