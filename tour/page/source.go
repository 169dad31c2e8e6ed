package page

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path"
	"strings"
	"unicode/utf8"

	"example.com/gosockets/tour/course"
)

// readable are the endings of files that a learner may look at. Files without
// one, such as LICENSE, are in it too.
var readable = map[string]bool{"": true, ".go": true, ".py": true, ".md": true, ".mod": true, ".sum": true, ".txt": true, ".work": true}

// Source is a file of the course with its lines numbered and anchored as #L12,
// or the list of what a folder holds. File is relative to the root, with
// slashes; "." is the root. What begins with a dot or has one of \:?#% in its
// name, what is reached through a symbolic link, and files that are no text, are
// longer than 1 MiB or have an ending of another kind are errors; errors.Is
// finds fs.ErrNotExist in the one for a file that is not there or may not be
// shown.
func Source(c *course.Course, file string, link Linker) (template.HTML, error) {
	root, info, err := open(c, file)
	if err != nil {
		return "", err
	}
	defer root.Close()
	if info.IsDir() {
		return listing(root, file, link)
	}
	source, err := read(c, file)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	out.WriteString(`<pre class="chroma source" tabindex="0"><code>`)
	for i, line := range highlight(language(file), string(source)) {
		fmt.Fprintf(&out, "<span id=\"L%d\"><a href=\"#L%d\" tabindex=\"-1\">%d</a>%s\n</span>", i+1, i+1, i+1, line)
	}
	out.WriteString("</code></pre>\n")
	return template.HTML(out.String()), nil
}

// read returns the text of a file that may be shown, its lines ended by \n.
func read(c *course.Course, file string) ([]byte, error) {
	root, _, err := open(c, file)
	if err != nil {
		return nil, err
	}
	root.Close()
	source, err := course.ReadFile(c.Root, file)
	switch {
	case err != nil:
		return nil, err
	case !utf8.Valid(source) || bytes.IndexByte(source, 0) >= 0:
		return nil, fmt.Errorf("%s is not text", file)
	}
	return []byte(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(source))), nil
}

// showable reports whether file is a name for something inside of the course, not
// hidden, that means the same in a URL and on every system.
func showable(file string) bool {
	return fs.ValidPath(file) && !strings.ContainsAny(file, `\:?#%`) && (file == "." || !strings.Contains("/"+file, "/."))
}

// open returns the course's folder, which nothing leads out of, and what file
// is in it: a folder or a file that may be shown.
func open(c *course.Course, file string) (*os.Root, fs.FileInfo, error) {
	missing := &fs.PathError{Op: "show", Path: file, Err: fs.ErrNotExist}
	if !showable(file) {
		return nil, nil, missing
	}
	root, err := os.OpenRoot(c.Root)
	if err != nil {
		return nil, nil, err
	}
	for part := file; part != "."; part = path.Dir(part) {
		if info, err := root.Lstat(part); err != nil || info.Mode()&fs.ModeSymlink != 0 {
			root.Close()
			return nil, nil, missing
		}
	}
	info, err := root.Lstat(file)
	if err != nil || !info.IsDir() && !(info.Mode().IsRegular() && readable[path.Ext(file)]) {
		root.Close()
		return nil, nil, missing
	}
	return root, info, nil
}

// listing is what a folder holds that may be shown, in the order of the names.
func listing(root *os.Root, dir string, link Linker) (template.HTML, error) {
	entries, err := fs.ReadDir(root.FS(), dir)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	out.WriteString(`<ul class="listing">` + "\n")
	for _, entry := range entries {
		name := entry.Name()
		if !showable(name) || !entry.IsDir() && !(entry.Type().IsRegular() && readable[path.Ext(name)]) {
			continue
		}
		shown := name
		if entry.IsDir() {
			shown += "/"
		}
		fmt.Fprintf(&out, "<li><a href=\"%s\">%s</a></li>\n",
			template.HTMLEscapeString(link(path.Join(dir, name))), template.HTMLEscapeString(shown))
	}
	out.WriteString("</ul>\n")
	return template.HTML(out.String()), nil
}
