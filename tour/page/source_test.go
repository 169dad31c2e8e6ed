package page

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestASourceIsColouredWithEachLineNumberedAndAnchored(t *testing.T) {
	c := written(t, map[string]string{"a/b.go": "package b // <b>\r\n\n\tvar s = `x\ry`\n", "empty.txt": "", "LICENSE": "no <colour>"})
	html, err := Source(c, "a/b.go", in)
	require.NoError(t, err)
	assertHarmless(t, html)
	for _, want := range []string{
		`<span id="L1"><a href="#L1" tabindex="-1">1</a><span class="kn">package</span>`, "&lt;b&gt;",
		`<span id="L2"><a href="#L2" tabindex="-1">2</a>`, `<span id="L4"><a href="#L4" tabindex="-1">4</a><span class="s">y`,
	} {
		assert.Contains(t, html, want)
	}
	assert.NotContains(t, html, "\r")
	assert.NotContains(t, html, "L5")
	html, err = Source(c, "LICENSE", in)
	require.NoError(t, err)
	assert.Equal(t, `<pre class="chroma source" tabindex="0"><code><span id="L1"><a href="#L1" tabindex="-1">1</a>no &lt;colour&gt;`+
		"\n</span></code></pre>\n", string(html))
	html, err = Source(c, "empty.txt", in)
	require.NoError(t, err)
	assert.NotContains(t, html, "L1")
}

func TestEverySourceOfTheLessonsIsShownLineByLine(t *testing.T) {
	c := the(t)
	for _, l := range c.Lessons {
		for _, file := range []string{"server.go", "client.go", "server/main.go", "go.mod", "README.md"} {
			source, err := os.ReadFile(filepath.Join(l.Dir, file))
			require.NoError(t, err)
			html, err := Source(c, l.Name+"/"+file, in)
			require.NoError(t, err)
			assert.Equal(t, strings.Count(string(source), "\n"), strings.Count(string(html), `<span id="L`), file)
		}
	}
}

func TestAFolderIsAListOfWhatItShows(t *testing.T) {
	files := map[string]string{"a/b/c.go": "", "a/z <&>.md": "", "a/LICENSE": "", "a/.hidden": "", "a/.git/config": "", "a/x.exe": "", "a/q%#.txt": ""}
	if runtime.GOOS == "windows" {
		delete(files, "a/z <&>.md") // no name for a file there
	}
	c := written(t, files)
	symlink(t, c.Root, "b", "a/link")
	html, err := Source(c, "a", in)
	require.NoError(t, err)
	assertHarmless(t, html)
	want := `<ul class="listing">
<li><a href="/in/a/LICENSE">LICENSE</a></li>
<li><a href="/in/a/b">b/</a></li>
<li><a href="/in/a/z &lt;&amp;&gt;.md">z &lt;&amp;&gt;.md</a></li>
</ul>
`
	if runtime.GOOS == "windows" {
		want = strings.Replace(want, "<li><a href=\"/in/a/z &lt;&amp;&gt;.md\">z &lt;&amp;&gt;.md</a></li>\n", "", 1)
	}
	assert.Equal(t, want, string(html))
	html, err = Source(c, ".", in)
	require.NoError(t, err)
	assert.Equal(t, "<ul class=\"listing\">\n<li><a href=\"/in/a\">a/</a></li>\n</ul>\n", string(html))
	html, err = Source(the(t), ".", in)
	require.NoError(t, err)
	assert.Contains(t, html, `<a href="/in/go.work">go.work</a>`)
	assert.NotContains(t, html, ".git")
}

func TestWhatIsHiddenOutsideOrOfAnotherKindIsNotThere(t *testing.T) {
	c := written(t, map[string]string{".env": "", ".git/config": "", "a/.b/c.go": "", "a/c.go": "", "a/x.exe": "", "a/x.html": "", "a/q%.txt": "", "a/d/e.go": "",
		"secret/s.txt": ""})
	secret := c.Root
	c.Root = filepath.Join(c.Root, "a")
	symlink(t, c.Root, "c.go", "inside.go")
	symlink(t, c.Root, "d", "within")
	symlink(t, c.Root, "../secret/s.txt", "file.txt")
	symlink(t, c.Root, "../secret", "folder")
	for _, file := range []string{"../.env", "../secret/s.txt", "../a/c.go", "b/../c.go", "./c.go", "/c.go", "c.go/", "", "..", `..\secret\s.txt`, "C:c.go",
		filepath.ToSlash(secret) + "/secret/s.txt", ".b/c.go", ".b", "x.exe", "x.html", "q%.txt", "inside.go", "file.txt", "folder", "folder/s.txt", "within/e.go", "c.go/d",
		"none.go", "c.go\x00"} {
		html, err := Source(c, file, in)
		assert.ErrorIs(t, err, fs.ErrNotExist, file)
		assert.Empty(t, html)
	}
	c.Root = secret
	for _, file := range []string{".env", ".git", ".git/config", "a/.b", "a/.b/c.go"} {
		_, err := Source(c, file, in)
		assert.ErrorIs(t, err, fs.ErrNotExist, file)
	}
}

// symlink skips a test where nobody may make links.
func symlink(t *testing.T, root, to, name string) {
	t.Helper()
	if err := os.Symlink(filepath.FromSlash(to), filepath.Join(root, filepath.FromSlash(name))); err != nil {
		t.Skip("needs a symbolic link:", err)
	}
}

func TestAFileThatIsNoTextOrTooLongIsAnError(t *testing.T) {
	c := written(t, map[string]string{"nul.go": "a\x00b", "latin.txt": "caf\xe9", "long.txt": strings.Repeat("x", 1<<20+1),
		"fits.txt": strings.Repeat(strings.Repeat("x", 1023)+"\n", 1024)})
	for file, want := range map[string]string{
		"nul.go": "nul.go is not text", "latin.txt": "latin.txt is not text", "long.txt": "long.txt is longer than 1048576 bytes",
	} {
		_, err := Source(c, file, in)
		assert.EqualError(t, err, want)
	}
	html, err := Source(c, "fits.txt", in)
	require.NoError(t, err)
	assert.Contains(t, html, `id="L1024"`)
}
