package transfer

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// partOf opens the part of a file called name whose content is to be content.
func partOf(t *testing.T, dir, name string, h header) *part {
	t.Helper()
	h.FileName = name
	p, err := openPart(openRoot(t, dir), h, new(part))
	require.NoError(t, err)
	t.Cleanup(p.close)
	return p
}

func TestAPartIsNamedForTheContentItIsTheBeginningOf(t *testing.T) {
	assert.Equal(t, ".a.txt."+helloMD5+".part", partName("a.txt", helloMD5))
	assert.Equal(t, "dir/.a.txt."+helloMD5+".part", partName("dir/a.txt", helloMD5))
	assert.Equal(t, ".a.txt.unchecked.part", partName("a.txt", "xxdxxx"))
	assert.Equal(t, ".a.unchecked.part", partName("a", "../../../../"+helloMD5), "no path comes from the server's md5")
}

func TestTheNameOfAPartIsNeverTooLongForAFileSystem(t *testing.T) {
	for _, name := range []string{strings.Repeat("x", 255), strings.Repeat("诗", 85), "dir/" + strings.Repeat("é", 127), strings.Repeat("x", 181)} {
		part := strings.TrimPrefix(partName(name, helloMD5), "dir/")
		assert.LessOrEqual(t, len(part), 255)
		assert.True(t, strings.HasPrefix(part, "."))
		assert.NoError(t, checkName(part), "cut between characters")
		assert.GreaterOrEqual(t, len(part), 178+39, "and not shorter than it must be")
	}
	assert.Equal(t, "."+strings.Repeat("x", 180)+"."+helloMD5+".part", partName(strings.Repeat("x", 180), helloMD5))
	assert.True(t, strings.HasPrefix(partName(strings.Repeat("a", 90)+strings.Repeat("z", 91), helloMD5), ".aaa"), "its end stays")
}

// found is what findPart finds of the file called name.
func found(t *testing.T, root *os.Root, name string) (size int64, md5 string) {
	t.Helper()
	p := findPart(root, name)
	p.close()
	return p.size, p.header.MD5
}

func TestTheLongestPartIsTheOneToResume(t *testing.T) {
	nothingLeft(t)
	dir := t.TempDir()
	root := openRoot(t, dir)
	other := strings.Repeat("0", 32)
	size, md5 := found(t, root, "a")
	assert.Zero(t, size)
	assert.Empty(t, md5)
	size, _ = found(t, root, "nosuch/a")
	assert.Zero(t, size)
	write(t, dir, partName("a", other), "12345")
	write(t, dir, partName("a", helloMD5), "1234567")
	write(t, dir, partName("a", strings.Repeat("f", 32)), "123456")
	write(t, dir, partName("b", other), "123456789")
	write(t, dir, partName("dir/a", other), "123456789")
	write(t, dir, ".a.unchecked.part", "123456789")
	write(t, dir, ".a."+strings.ToUpper(helloMD5)+".part", "123456789")
	write(t, dir, "a."+other+".part", "123456789")
	write(t, dir, ".a."+other, "123456789")
	size, md5 = found(t, root, "a")
	assert.EqualValues(t, 7, size)
	assert.Equal(t, helloMD5, md5)
	size, _ = found(t, root, "dir/a")
	assert.EqualValues(t, 9, size)
	write(t, dir, partName("c", other)+"/file", "a directory is no part")
	size, md5 = found(t, root, "c")
	assert.Zero(t, size)
	assert.Empty(t, md5)
}

func TestAPartThatSomebodyElseWritesToIsNotResumed(t *testing.T) {
	nothingLeft(t)
	dir := t.TempDir()
	write(t, dir, partName("a", helloMD5), "1234567")
	p := findPart(openRoot(t, dir), "a")
	require.EqualValues(t, 7, p.size)
	size, md5 := found(t, openRoot(t, dir), "a")
	assert.Zero(t, size)
	assert.Empty(t, md5)
	p.close()
	size, _ = found(t, openRoot(t, dir), "a")
	assert.EqualValues(t, 7, size)
}

func TestAPartIsHashedFromItsBeginningAlsoWhatWasThereBefore(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, partName("hello.txt", helloMD5), hello[:10])
	old := findPart(openRoot(t, dir), "hello.txt")
	p, err := openPart(openRoot(t, dir), header{FileName: "hello.txt", MD5: helloMD5, FileSize: 32, Offset: 10}, old)
	require.NoError(t, err)
	defer p.close()
	assert.Same(t, old, p)
	assert.EqualValues(t, 10, p.size)
	n, err := p.Write([]byte(hello[10:]))
	require.NoError(t, err)
	assert.Equal(t, 22, n)
	assert.EqualValues(t, 32, p.size)
	assert.NoError(t, p.check())
	assert.Equal(t, "md5 is right", p.verdict())
	assert.NoError(t, p.publish(false))
	assert.Equal(t, map[string]string{"hello.txt": hello}, files(t, dir))
}

func TestAPartIsKeptOnlyIfItIsOfUse(t *testing.T) {
	cut := errors.New("cut")
	for _, broken := range []struct {
		md5, content, says string
		kept               int
	}{
		{helloMD5, hello[:10], `"hello.txt" broke off after 10 of 32 bytes, -resume goes on from there: cut`, 1},
		{helloMD5, "", `"hello.txt" broke off after 0 of 32 bytes: cut`, 0},
		{"xxdxxx", hello[:10], `"hello.txt" broke off after 10 of 32 bytes: cut`, 0}, // nobody could tell what it is a part of
	} {
		dir := t.TempDir()
		p := partOf(t, dir, "hello.txt", header{MD5: broken.md5, FileSize: 32})
		_, err := p.Write([]byte(broken.content))
		require.NoError(t, err)
		err = p.keep(cut)
		assert.ErrorIs(t, err, cut)
		assert.EqualError(t, err, broken.says)
		assert.Len(t, files(t, dir), broken.kept)
	}
}

func TestAPartThatCannotBeOpenedLeavesNothing(t *testing.T) {
	nothingLeft(t)
	dir := t.TempDir()
	write(t, dir, partName("a", helloMD5)+"/file", "in the way")
	root := openRoot(t, dir)
	_, err := openPart(root, header{FileName: "a", MD5: helloMD5}, new(part))
	assert.Error(t, err)
	_, err = openPart(root, header{FileName: "../a", MD5: helloMD5}, new(part))
	assert.Error(t, err, "even if nobody had looked at the name")
}

func TestAPartThatCannotBeSyncedIsNotPublished(t *testing.T) {
	dir := t.TempDir()
	p := partOf(t, dir, "a", header{})
	require.NoError(t, p.file.Close())
	assert.ErrorIs(t, p.publish(false), fs.ErrClosed)
	assert.NotContains(t, files(t, dir), "a")
}

func TestAPartThatGotItsNameWhileItWasOpenedIsNotWrittenOver(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, partName("a", helloMD5), "came a moment ago")
	root := openRoot(t, dir)
	p := &part{root: root, header: header{FileName: "a"}, name: partName("a", helloMD5), hash: newBesideHash()}
	var err error
	p.file, err = root.OpenFile(p.name, os.O_RDWR, 0)
	require.NoError(t, err)
	defer p.close()
	require.NoError(t, root.Rename(p.name, "a"))
	assert.EqualError(t, p.claim(), `"a" has just come, or is on its way already: ask again`)
	write(t, dir, p.name, "the next one's")
	assert.EqualError(t, p.claim(), `"a" has just come, or is on its way already: ask again`)
}

func TestAPartThatAnotherOneHasJustMadeIsOnItsWayAlready(t *testing.T) {
	dir := t.TempDir()
	other := partOf(t, dir, "a", header{MD5: helloMD5})
	p := &part{root: other.root, header: other.header, name: other.name}
	err := p.create() // as if it had been cleared away before
	assert.ErrorIs(t, err, fs.ErrExist)
	assert.ErrorContains(t, err, `"a" is on its way already, to ".a.`+helloMD5+`.part"`)
}
