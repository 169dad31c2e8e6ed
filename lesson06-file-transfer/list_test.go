package transfer

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestListShowsWhatThereIsToGet(t *testing.T) {
	server := serve(t, new(Server), shared(t))
	shown, err := talk(t, Client{}, t.TempDir(), server.addr, "list", "get hello.txt")
	require.NoError(t, err)
	assert.Equal(t, []string{
		`          30 "a name with blanks.txt"`,
		`          32 "hello.txt"`,
		`          51 "poems/套接字.txt"`,
		`"hello.txt": 32 bytes, md5 is right`,
		``,
	}, strings.Split(shown, "\n")[1:])
}

func TestAListIsAnAnswerLikeAFile(t *testing.T) {
	server := serve(t, new(Server), shared(t))
	conn := connect(t, server.addr)
	send(t, conn, "list")
	h, content := answered(t, conn)
	assert.Equal(t, "list.json", h.FileName)
	assert.EqualValues(t, len(content), h.FileSize)
	assert.Equal(t, md5Of(content), h.MD5)
	var entries []listed
	require.NoError(t, json.Unmarshal([]byte(content), &entries))
	assert.Equal(t, []listed{{"a name with blanks.txt", 30}, {"hello.txt", 32}, {"poems/套接字.txt", 51}}, entries)
}

// md5Of is what the receiver of content computes.
func md5Of(content string) string {
	h := newBesideHash()
	io.WriteString(h, content)
	return h.sum()
}

func TestAListHasOnlyWhatCanBeAskedFor(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "words", "for you")
	write(t, dir, "below/.hidden", "")
	require.NoError(t, os.Mkdir(filepath.Join(dir, "empty"), 0o777))
	if os.PathSeparator == '/' {
		write(t, dir, `back\slash`, "")
		write(t, dir, "line\nbreak", "")
		require.NoError(t, os.Symlink("words", filepath.Join(dir, "link")))
		require.NoError(t, os.Symlink("..", filepath.Join(dir, "out")))
	}
	content, err := list(t.Context(), openRoot(t, dir))
	require.NoError(t, err)
	var entries []listed
	require.NoError(t, json.Unmarshal(content, &entries))
	assert.Equal(t, []listed{{"below/.hidden", 0}, {"words", 7}}, entries)
	content, err = list(t.Context(), openRoot(t, t.TempDir()))
	require.NoError(t, err)
	assert.Equal(t, "[]", string(content))
	root := openRoot(t, dir)
	require.NoError(t, root.Close())
	content, err = list(t.Context(), root)
	require.NoError(t, err)
	assert.Equal(t, "[]", string(content), "what cannot be read is not listed")
}

func TestAListIsBounded(t *testing.T) {
	dir := t.TempDir()
	for i := range maxListed {
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), nil, 0o666))
	}
	server := serve(t, new(Server), dir)
	shown, err := talk(t, Client{}, t.TempDir(), server.addr, "list")
	assert.NoError(t, err)
	assert.Equal(t, maxListed+1, strings.Count(shown, "\n"))
	write(t, dir, "one more", "")
	_, err = talk(t, Client{}, t.TempDir(), server.addr, "list")
	assert.EqualError(t, err, `"list": the server says "there is too much for a list of at most 10000 files, 100000 entries of folders and 16 MiB"`)
}

func TestADirectoryIsReadInBatchesAndTheStopEndsIt(t *testing.T) {
	dir := t.TempDir()
	for i := range 2500 {
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), nil, 0o666))
	}
	root, sizes := openRoot(t, dir), []int(nil)
	require.NoError(t, batches(t.Context(), root, ".", func(entries []fs.DirEntry) error {
		sizes = append(sizes, len(entries))
		return nil
	}))
	assert.Equal(t, []int{1000, 1000, 500, 0}, sizes, "the last says that there are no more")

	ctx, cancel := context.WithCancel(t.Context())
	assert.ErrorIs(t, batches(ctx, root, ".", func([]fs.DirEntry) error {
		cancel()
		return nil
	}), context.Canceled)
}

func TestAListIsReadNoFurtherThanItsBound(t *testing.T) {
	files, err := readList([]byte("[" + strings.Repeat("{},", maxListed-1) + "{}]"))
	assert.NoError(t, err)
	assert.Len(t, files, maxListed)
	_, err = readList([]byte("[" + strings.Repeat("{},", maxListed)))
	assert.ErrorIs(t, err, errTooMany)
	for _, text := range []string{"", "null", "[", "[{}", "[{}] ]", "[1]", `[{"name":"a"}{"name":"b"}]`} {
		_, err = readList([]byte(text))
		assert.Error(t, err, text)
	}
	files, err = readList([]byte(" [ ] \n"))
	assert.NoError(t, err)
	assert.Empty(t, files)
}

func TestWhatIsNoListIsSaidInOneLine(t *testing.T) {
	for answer, want := range map[string]string{
		string(framed(`{"filename":"list.json","file_size":2}`)) + "{}":        "this is not a list: ",
		string(framed(`{"filename":"list.json","file_size":4}`)) + "[]":        "unexpected EOF",
		string(framed(`{"filename":"list.json","file_size":2}`)):               "unexpected EOF",
		string(framed(`{"filename":"list.json","file_size":16777217}`)) + "[]": "a list of 16777217 bytes is too long",
		string(framed(`{"filename":"list.json","file_size":16777216}`)) + "[]": "unexpected EOF",
		"": `no answer to "list": EOF`,
	} {
		found, _, err := fromLiar(t, Client{}, answer, "list")
		assert.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), "\n")
		assert.Empty(t, found)
	}
}

func TestNamesInAListAreShownInQuotes(t *testing.T) {
	const content = `[{"name":"\u001b[2J","size":1}]`
	addr := asServer(t, func(conn *net.TCPConn) {
		heard(conn)
		writeHeader(conn, header{FileName: "list.json", FileSize: int64(len(content))})
		io.WriteString(conn, content)
	})
	shown, err := talk(t, Client{}, t.TempDir(), addr, "list")
	assert.NoError(t, err)
	assert.Contains(t, shown, `           1 "\x1b[2J"`)
}
