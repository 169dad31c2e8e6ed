package transfer

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sumOf asks c for the md5 of dir/name.
func sumOf(t testing.TB, c *checksums, dir, name string) string {
	t.Helper()
	sum, err := sumOrError(t, t.Context(), c, dir, name)
	require.NoError(t, err)
	return sum
}

func sumOrError(t testing.TB, ctx context.Context, c *checksums, dir, name string) (string, error) {
	t.Helper()
	file, info, err := open(openRoot(t, dir), name)
	require.NoError(t, err)
	defer file.Close()
	return c.of(ctx, name, file, info)
}

// secretly changes what is in a file and leaves its size, time and inode.
func secretly(t testing.TB, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, name)
	info, err := os.Stat(path)
	require.NoError(t, err)
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = file.WriteString(content)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	require.NoError(t, os.Chtimes(path, info.ModTime(), info.ModTime()))
}

func TestWithMd5FalseTheServerAnnouncesNoneAndTheClientComputesNone(t *testing.T) {
	dir, download := t.TempDir(), t.TempDir()
	write(t, dir, "a", hello)
	server := startGo(t, "server", "-addr", "127.0.0.1:0", "-dir", dir, "-md5=false")
	addr := server.listening(t)
	conn := connect(t, addr)
	send(t, conn, "get a")
	h, content := answered(t, conn)
	assert.Equal(t, header{FileName: "a", FileSize: int64(len(hello))}, h)
	assert.Equal(t, hello, content)
	shown, err := talk(t, Client{}, download, addr, "get a")
	require.NoError(t, err)
	assert.Contains(t, shown, `"a": 32 bytes, not checked: the server sent no md5`)
	assert.Equal(t, map[string]string{"a": hello}, files(t, download))

	p := partOf(t, download, "b", h)
	_, err = p.Write([]byte(hello))
	require.NoError(t, err)
	assert.Equal(t, "d41d8cd98f00b204e9800998ecf8427e", p.hash.sum(), "nothing has been hashed")
}

func TestTheMd5IsTheOneThatMd5sumShows(t *testing.T) {
	var c checksums
	assert.Equal(t, helloMD5, sumOf(t, &c, shared(t), "hello.txt"))
	dir := t.TempDir()
	write(t, dir, "empty", "")
	assert.Equal(t, "d41d8cd98f00b204e9800998ecf8427e", sumOf(t, &c, dir, "empty"))
}

func TestTheMd5IsComputedOnceForAFileThatHasNotChanged(t *testing.T) {
	var c checksums
	dir := t.TempDir()
	write(t, dir, "a", "before")
	before := sumOf(t, &c, dir, "a")
	secretly(t, dir, "a", "behind")
	assert.Equal(t, before, sumOf(t, &c, dir, "a"), "the file is not read again")
}

func TestTheMd5OfAFileThatChangesIsComputedAgain(t *testing.T) {
	const md5OfAfter = "632a2406bbcbcd553eec45ac14b40a0a"
	for how, change := range map[string]func(t *testing.T, dir string){
		"size": func(t *testing.T, dir string) {
			path := filepath.Join(dir, "a")
			info, err := os.Stat(path)
			require.NoError(t, err)
			require.NoError(t, os.Truncate(path, 5))
			require.NoError(t, os.Chtimes(path, info.ModTime(), info.ModTime()))
		},
		"time": func(t *testing.T, dir string) {
			secretly(t, dir, "a", "after")
			aMinuteAgo := time.Now().Add(-time.Minute)
			require.NoError(t, os.Chtimes(filepath.Join(dir, "a"), aMinuteAgo, aMinuteAgo))
		},
		"inode": func(t *testing.T, dir string) {
			info, err := os.Stat(filepath.Join(dir, "a"))
			require.NoError(t, err)
			write(t, dir, "b", "after")
			require.NoError(t, os.Chtimes(filepath.Join(dir, "b"), info.ModTime(), info.ModTime()))
			require.NoError(t, os.Rename(filepath.Join(dir, "b"), filepath.Join(dir, "a")))
		},
	} {
		t.Run(how, func(t *testing.T) {
			var c checksums
			dir := t.TempDir()
			write(t, dir, "a", map[string]string{"size": "after all", "time": "12345", "inode": "12345"}[how])
			before := sumOf(t, &c, dir, "a")
			change(t, dir)
			assert.NotEqual(t, before, sumOf(t, &c, dir, "a"))
			assert.Equal(t, md5OfAfter, sumOf(t, &c, dir, "a"))
			assert.Len(t, c.known, 1)
		})
	}
}

func TestAFileThatChangedJustNowIsNotRemembered(t *testing.T) {
	for age, remembered := range map[time.Duration]int{0: 0, 2*time.Second - 1: 0, -time.Hour: 0, 2 * time.Second: 1} {
		synctest.Test(t, func(t *testing.T) { // time stands still in it
			var c checksums
			dir := t.TempDir()
			write(t, dir, "a", "words")
			then := time.Now().Add(-age)
			require.NoError(t, os.Chtimes(filepath.Join(dir, "a"), then, then))
			sumOf(t, &c, dir, "a")
			assert.Len(t, c.known, remembered, "changed %v ago", age)
		})
	}
}

// slowly is a context that lets three seconds pass whenever it is looked at.
type slowly struct{ context.Context }

func (s slowly) Err() error {
	<-time.After(3 * time.Second) // of the bubble's time
	return s.Context.Err()
}

func TestAFileMustHaveBeenQuietBeforeItsMd5WasComputedNotAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c checksums
		dir := t.TempDir()
		write(t, dir, "a", "words")
		aSecondAgo := time.Now().Add(-time.Second)
		require.NoError(t, os.Chtimes(filepath.Join(dir, "a"), aSecondAgo, aSecondAgo))
		_, err := sumOrError(t, slowly{t.Context()}, &c, dir, "a")
		require.NoError(t, err)
		assert.Empty(t, c.known)
	})
}

func TestNoMoreThan1000ChecksumsAreRemembered(t *testing.T) {
	var c checksums
	for i := range 1010 {
		c.remember(fmt.Sprint(i), new(checksum))
		require.Len(t, c.known, min(i+1, 1000))
		require.Contains(t, c.known, fmt.Sprint(i), "the latest is among them")
	}
}

func TestAnMd5ThatCannotBeComputedIsNotRemembered(t *testing.T) {
	var c checksums
	root := openRoot(t, shared(t))
	file, info, err := open(root, "hello.txt")
	require.NoError(t, err)
	require.NoError(t, file.Close())
	_, err = c.of(t.Context(), "hello.txt", file, info)
	assert.ErrorIs(t, err, os.ErrClosed)
	assert.Equal(t, helloMD5, sumOf(t, &c, shared(t), "hello.txt"))
}

func TestTheEndOfTheServerEndsTheComputing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var c checksums
	_, err := sumOrError(t, ctx, &c, shared(t), "hello.txt")
	assert.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, c.known)
	assert.Equal(t, "the server is stopping", reason(err))

	file, info, err := open(openRoot(t, shared(t)), "hello.txt")
	require.NoError(t, err)
	defer file.Close()
	c.remember("hello.txt", &checksum{info: info, done: make(chan struct{})}) // somebody computes it, and is not done
	_, err = c.of(ctx, "hello.txt", file, info)
	assert.ErrorIs(t, err, context.Canceled, "nobody waits for it")
}

func TestOneWhoComputesAnOldMd5DoesNotForgetTheNewOne(t *testing.T) {
	var c checksums
	older, newer := new(checksum), new(checksum)
	c.remember("a", older)
	c.remember("a", newer)
	c.forget("a", older)
	assert.Same(t, newer, c.known["a"])
	c.forget("a", newer)
	assert.Empty(t, c.known)
}

func TestTheMd5OfABigFileTakesNoMoreMemoryThanOneBuffer(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "big", random(4<<20))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	sumOf(t, new(checksums), dir, "big")
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(256<<10))
}

func TestAHashComputesBesideTheWriter(t *testing.T) {
	nothingLeft(t)
	h := newBesideHash()
	piece := []byte(hello[:10])
	n, err := h.Write(piece)
	assert.Equal(t, 10, n)
	assert.NoError(t, err)
	copy(piece, "overwritten") // the hash has a copy
	n, err = h.Write([]byte(hello[10:]))
	assert.Equal(t, 22, n)
	assert.NoError(t, err)
	assert.Equal(t, helloMD5, h.sum())
	assert.Equal(t, helloMD5, h.sum(), "as often as it is asked")
	big := newBesideHash()
	n, err = big.Write([]byte(strings.Repeat("x", 3_000_000))) // more than fits in its pieces
	assert.Equal(t, 3_000_000, n)
	assert.NoError(t, err)
	assert.Equal(t, "8e32e22642bddc89698e25a4e9bf528b", big.sum())
}

func TestAHashHoldsNoMoreThan4PiecesOf256KiB(t *testing.T) {
	h := newBesideHash()
	h.Write(make([]byte, 5<<20))
	h.sum()
	close(h.free)
	total := 0
	for piece := range h.free {
		total += cap(piece)
	}
	assert.LessOrEqual(t, total, 1<<20)
	assert.GreaterOrEqual(t, total, 256<<10)
}
