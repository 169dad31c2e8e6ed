//go:build unix

package transfer

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAFullDiskLeavesAPartAndOneLine(t *testing.T) {
	place := newPlace(t)
	content := random(1_000_000)
	write(t, place.share, "big", content)
	_, addr := place.startServer(t, "Go")
	programs, err := buildPrograms()
	require.NoError(t, err)
	// 1000 blocks of 512 bytes are the longest file that this client may write.
	client := start(t, exec.Command("sh", "-c", `ulimit -f 1000 && exec "$0" "$@"`,
		filepath.Join(programs, "client"), "-addr", addr, "-dir", place.download, "get", "big"))
	status, lines := client.exit(t)
	assert.Equal(t, 1, status)
	assert.Equal(t, `client: "big" broke off after 512000 of 1000000 bytes, -resume goes on from there: write `+
		filepath.Join(place.download, partName("big", md5Of(content)))+`: file too large`, lines[len(lines)-1])
	assert.True(t, strings.HasPrefix(content, onlyOne(t, files(t, place.download))))

	client = startGo(t, "client", "-addr", addr, "-dir", place.download, "-resume", "get", "big")
	status, _ = client.exit(t)
	assert.Zero(t, status)
	assert.True(t, equal(map[string]string{"big": content}, files(t, place.download)))
}
