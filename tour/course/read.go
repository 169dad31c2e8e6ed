package course

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

const (
	// maxFile is the size in bytes up to which a file is read. The lessons'
	// largest has a tenth of that; a longer one is what a learner has fetched.
	maxFile = 1 << 20
	// maxPage is the same for Markdown, and maxPiece and maxLine are for what
	// stands in it without an empty line, and for a line. Some Markdown takes
	// the square of its length, and all that the course has is within a half.
	maxPage  = 128 << 10
	maxPiece = 16 << 10
	maxLine  = 2 << 10
)

var errNoFile = errors.New("is not a regular file inside the course")

// ReadFile reads a file below dir, which is named relative to it with slashes. It
// is the one way in which the tour reads the course, that may be somebody else's
// by the last merge: a symbolic link, a device, a pipe, and what is longer than
// 1 MiB are errors. errors.Is finds fs.ErrNotExist in that of a missing file.
func ReadFile(dir, file string) ([]byte, error) {
	root, err := os.OpenRoot(dir) // nothing leads out of it
	if err != nil {
		return nil, err
	}
	defer root.Close()
	wrong := &fs.PathError{Op: "read", Path: file, Err: errNoFile}
	if !fs.ValidPath(file) || file == "." {
		return nil, wrong
	}
	parts := strings.Split(file, "/")
	for i := range parts {
		info, err := root.Lstat(path.Join(parts[:i+1]...))
		if err != nil {
			return nil, err
		}
		if last := i == len(parts)-1; last && !info.Mode().IsRegular() || !last && !info.IsDir() {
			return nil, wrong
		}
	}
	f, err := root.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	source, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(source) > maxFile {
		err = fmt.Errorf("%s is longer than %d bytes", file, maxFile)
	}
	return source, err
}

// Bounded returns an error for Markdown that may take long to read: more than
// 128 KiB, a line of more than 2 KiB, or 16 KiB without an empty line.
func Bounded(file string, source []byte) error {
	if len(source) > maxPage {
		return fmt.Errorf("%s is longer than %d bytes", file, maxPage)
	}
	piece, number := 0, 0
	for line := range bytes.Lines(source) {
		number++
		if piece += len(line); len(bytes.TrimSpace(line)) == 0 {
			piece = 0
		}
		if len(line) > maxLine || piece > maxPiece {
			return &Drift{file, number, fmt.Sprintf("this is too long to be read: expected lines of at most %d bytes, and an empty one after at most %d", maxLine, maxPiece)}
		}
	}
	return nil
}
