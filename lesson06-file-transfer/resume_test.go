package transfer

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestABrokenTransferKeepsItsPartAndResumeGoesOnFromThere(t *testing.T) {
	nothingLeft(t)
	server, download := serve(t, new(Server), t.TempDir()), t.TempDir()
	content := random(1_000_000)
	write(t, server.dir, "dir/big", content)
	_, err := talk(t, Client{}, download, relay(t, server.addr, cutAfter(600_000)), "get dir/big")
	require.ErrorContains(t, err, " of 1000000 bytes, -resume goes on from there: unexpected EOF")
	part := onlyOne(t, files(t, download))
	assert.True(t, strings.HasPrefix(content, part))
	assert.Greater(t, len(part), 590_000)

	var rest counter
	shown, err := talk(t, Client{Resume: true}, download, relay(t, server.addr, rest.pass), "get dir/big")
	assert.NoError(t, err)
	assert.Contains(t, shown, `"dir/big": 1000000 bytes, md5 is right`)
	assert.True(t, equal(map[string]string{"dir/big": content}, files(t, download)), "no part is left")
	assert.Less(t, rest.count(), int64(1_000_000-len(part)+300), "what was here is not sent again")
	server.shown.until(t, `has "dir/big": `)
}

func onlyOne(t *testing.T, files map[string]string) string {
	t.Helper()
	require.Len(t, files, 1)
	for _, content := range files {
		return content
	}
	return ""
}

func TestAResumptionThatBreaksOffCanBeResumed(t *testing.T) {
	server, download := serve(t, new(Server), t.TempDir()), t.TempDir()
	content := random(1_000_000)
	write(t, server.dir, "big", content)
	pieces := relay(t, server.addr, cutAfter(150_000))
	before := 0
	for {
		_, err := talk(t, Client{Resume: true}, download, pieces, "get big")
		now := onlyOne(t, files(t, download))
		require.True(t, strings.HasPrefix(content, now))
		require.Greater(t, len(now), before)
		before = len(now)
		if err == nil {
			break
		}
	}
	assert.True(t, equal(map[string]string{"big": content}, files(t, download)))
}

func TestWithoutResumeATransferStartsOver(t *testing.T) {
	server, download := serve(t, new(Server), shared(t)), t.TempDir()
	write(t, download, partName("hello.txt", helloMD5), hello[:10])
	_, err := talk(t, Client{}, download, server.addr, "get hello.txt")
	assert.NoError(t, err)
	server.shown.until(t, `has "hello.txt": 32 bytes from 0 on`)
	assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, download))
}

func TestResumeTakesAPartOfAnyLength(t *testing.T) {
	for _, length := range []int{0, 1, 31, 32} {
		server, download := serve(t, new(Server), shared(t)), t.TempDir()
		write(t, download, partName("hello.txt", helloMD5), hello[:length])
		_, err := talk(t, Client{Resume: true}, download, server.addr, "get hello.txt")
		assert.NoError(t, err)
		assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, download))
	}
	server, download := serve(t, new(Server), shared(t)), t.TempDir()
	write(t, download, partName("hello.txt", helloMD5), hello+"more than there is")
	_, err := talk(t, Client{Resume: true}, download, server.addr, "get hello.txt")
	assert.NoError(t, err)
	server.shown.until(t, `has "hello.txt": 32 bytes from 0 on`)
	assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, download))
}

func TestAFileThatHasChangedStartsOver(t *testing.T) {
	server, download := serve(t, new(Server), t.TempDir()), t.TempDir()
	before, after := random(1_000_000), strings.ToUpper(random(1_000_000))
	write(t, server.dir, "big", before)
	_, err := talk(t, Client{}, download, relay(t, server.addr, cutAfter(600_000)), "get big")
	require.Error(t, err)
	write(t, server.dir, "big", after)
	_, err = talk(t, Client{Resume: true}, download, server.addr, "get big")
	assert.NoError(t, err)
	server.shown.until(t, `has "big": 1000000 bytes from 0 on`)
	assert.True(t, equal(map[string]string{"big": after}, files(t, download)), "the older part is gone too")
}

func TestADamagedPartIsFoundOutAndRemoved(t *testing.T) {
	server, download := serve(t, new(Server), shared(t)), t.TempDir()
	write(t, download, partName("hello.txt", helloMD5), "HELLO")
	_, err := talk(t, Client{Resume: true}, download, server.addr, "get hello.txt")
	assert.ErrorContains(t, err, "it was changed or damaged on its way")
	assert.Empty(t, files(t, download))
	_, err = talk(t, Client{Resume: true}, download, server.addr, "get hello.txt")
	assert.NoError(t, err)
	assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, download))
}

func TestACompletePartWhoseNameWasTakenNeedsOnlyTheName(t *testing.T) {
	server, download := serve(t, new(Server), shared(t)), t.TempDir()
	write(t, download, partName("hello.txt", helloMD5), hello)
	write(t, download, "hello.txt", "mine")
	_, err := talk(t, Client{Resume: true, Force: true}, download, server.addr, "get hello.txt")
	assert.NoError(t, err)
	server.shown.until(t, `has "hello.txt": 0 bytes from 32 on`)
	assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, download))
}

func TestAServerThatKnowsNoOffsetSendsAllOfIt(t *testing.T) {
	place := newPlace(t)
	write(t, place.share, "hello.txt", hello)
	write(t, place.download, partName("hello.txt", helloMD5), hello[:10])
	_, addr := place.startServer(t, "Python")
	shown, err := talk(t, Client{Resume: true}, place.download, addr, "get hello.txt")
	assert.NoError(t, err)
	assert.Contains(t, shown, `"hello.txt": 32 bytes, not checked: the server sent no md5`)
	assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, place.download))
}

func TestCtrlCKeepsThePartAndSaysHowToResume(t *testing.T) {
	place := newPlace(t)
	content := random(1_000_000)
	write(t, place.share, "big", content)
	_, addr := place.startServer(t, "Go")
	stalled := relay(t, addr, func(answer net.Conn, server io.Reader) {
		io.CopyN(answer, server, 600_000)
		answer.Read(make([]byte, 1)) // until the client has left
	})
	client := startGo(t, "client", "-addr", stalled, "-dir", place.download, "get", "big")
	for line := ""; line != `"big": 50% of 1000000 bytes`; line = client.line(t) {
	}
	client.interrupt(t)
	status, lines := client.exit(t)
	assert.Zero(t, status)
	require.Len(t, lines, 1)
	assert.Regexp(t, `^interrupted: "big" broke off after \d+ of 1000000 bytes, -resume goes on from there: `, lines[0])
	assert.True(t, strings.HasPrefix(content, onlyOne(t, files(t, place.download))))

	client = startGo(t, "client", "-addr", addr, "-dir", place.download, "-resume", "get", "big")
	status, lines = client.exit(t)
	assert.Zero(t, status)
	assert.Equal(t, `"big": 1000000 bytes, md5 is right`, lines[len(lines)-1])
	got, err := os.ReadFile(filepath.Join(place.download, "big"))
	require.NoError(t, err)
	assert.True(t, content == string(got))
}
