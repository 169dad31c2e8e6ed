package transfer

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
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

// settle lets the bubble's time pass until dir/name has been quiet for age.
func settle(t testing.TB, dir, name string, age time.Duration) {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, name))
	require.NoError(t, err)
	<-time.After(time.Until(changed(info)) + age)
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
	synctest.Test(t, func(t *testing.T) {
		var c checksums
		dir := t.TempDir()
		write(t, dir, "a", "words")
		settle(t, dir, "a", time.Hour)
		sumOf(t, &c, dir, "a")
		first := c.known["a"]
		require.NotNil(t, first)
		<-time.After(time.Hour)
		sumOf(t, &c, dir, "a")
		assert.Same(t, first, c.known["a"])
	})
}

// Each change leaves size, time and inode as they were, but for one; the last
// leaves all three, as cp --preserve and rsync --inplace do.
func TestTheMd5OfAFileThatChangesIsComputedAgain(t *testing.T) {
	over := func(t *testing.T, path, content string) {
		file, err := os.OpenFile(path, os.O_WRONLY, 0)
		require.NoError(t, err)
		defer file.Close()
		_, err = file.WriteString(content)
		require.NoError(t, err)
	}
	changes := map[string]func(t *testing.T, path string){
		"size": func(t *testing.T, path string) { require.NoError(t, os.Truncate(path, 5)) },
		"time": func(t *testing.T, path string) { over(t, path, "after one") },
		"inode": func(t *testing.T, path string) {
			require.NoError(t, os.WriteFile(path+" new", []byte("after all"), 0o666))
			require.NoError(t, os.Rename(path+" new", path))
		},
	}
	if runtime.GOOS != "windows" { // which has the time that programs set
		changes["content alone"] = func(t *testing.T, path string) { over(t, path, "after one") }
	}
	for what, change := range changes {
		t.Run(what, func(t *testing.T) {
			var c checksums
			dir := t.TempDir()
			path := filepath.Join(dir, "a")
			write(t, dir, "a", "after all")
			before, err := os.Stat(path)
			require.NoError(t, err)
			c.remember("a", finished(before, "that of before"))
			require.Equal(t, "that of before", sumOf(t, &c, dir, "a"))
			untilTheClockTicks(t, dir, before)
			change(t, path)
			if what != "time" {
				require.NoError(t, os.Chtimes(path, before.ModTime(), before.ModTime()))
			}
			assert.NotEqual(t, "that of before", sumOf(t, &c, dir, "a"))
		})
	}
}

// untilTheClockTicks waits until a change is noted at a later time than info's.
func untilTheClockTicks(t *testing.T, dir string, info os.FileInfo) {
	t.Helper()
	for {
		write(t, dir, "clock", "")
		now, err := os.Stat(filepath.Join(dir, "clock"))
		require.NoError(t, err)
		if runtime.GOOS == "windows" || changed(now).After(changed(info)) {
			return
		}
	}
}

func TestAFileThatChangedJustNowIsNotRemembered(t *testing.T) {
	for age, remembered := range map[time.Duration]bool{0: false, 2*time.Second - 1: false, -time.Hour: false, 2 * time.Second: true} {
		synctest.Test(t, func(t *testing.T) { // time stands still in it
			var c checksums
			dir := t.TempDir()
			write(t, dir, "a", "words")
			settle(t, dir, "a", age)
			sumOf(t, &c, dir, "a")
			assert.Equal(t, remembered, c.known["a"] != nil, "changed %v ago", age)
		})
	}
}

func TestTheMd5OfAFileThatChangedInTheLastMinuteIsComputedOnceMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c checksums
		dir := t.TempDir()
		write(t, dir, "a", "words")
		settle(t, dir, "a", 30*time.Second)
		sumOf(t, &c, dir, "a")
		first := c.known["a"]
		settle(t, dir, "a", time.Minute-1)
		sumOf(t, &c, dir, "a")
		assert.Same(t, first, c.known["a"])
		settle(t, dir, "a", time.Minute)
		sumOf(t, &c, dir, "a")
		assert.NotSame(t, first, c.known["a"], "a program that has it in its memory may have written on")
	})
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
		settle(t, dir, "a", time.Second)
		_, err := sumOrError(t, slowly{t.Context()}, &c, dir, "a")
		require.NoError(t, err)
		assert.Empty(t, c.known)
	})
}

func TestNoMoreThan1000ChecksumsAreRemembered(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a", "words")
	info, err := os.Stat(filepath.Join(dir, "a"))
	require.NoError(t, err)
	var c checksums
	c.remember("finished", finished(info, "its sum"))
	for i := range 1010 {
		c.remember(fmt.Sprint(i), newChecksum(info))
		require.Len(t, c.known, min(i+2, 1000))
		require.Contains(t, c.known, fmt.Sprint(i), "the latest is among them")
		require.Equal(t, i < 999, c.known["finished"] != nil, "it goes first: it has been of use")
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
