// Package course reads the lessons: where they stand, what their README says,
// and what their sources hold. It starts nothing and leaves the lessons as they
// are.
package course

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A Course is the repository: its lessons in their order.
type Course struct {
	Root    string // absolute
	Lessons []*Lesson
}

// A Lesson is one folder lessonNN-name.
type Lesson struct {
	Name   string
	Number int
	Dir    string // absolute
}

// A Drift is a place where what is written and what is so have come apart.
type Drift struct {
	File string // relative to the root, with slashes
	Line int    // 0 when the file as a whole is meant
	Text string
}

// Error says where and what, the way compilers do.
func (d *Drift) Error() string {
	if d.Line == 0 {
		return d.File + ": " + d.Text
	}
	return fmt.Sprintf("%s:%d: %s", d.File, d.Line, d.Text)
}

var lessonName = regexp.MustCompile(`^lesson(\d\d)-[a-z0-9-]+$`)

// Open finds the course that dir belongs to: dir or the nearest folder above it
// that holds lessons.
func Open(dir string) (*Course, error) {
	start, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("finding the lessons: %w", err)
	}
	for root := start; ; root = filepath.Dir(root) {
		lessons, err := lessonsIn(root)
		if err != nil {
			return nil, fmt.Errorf("finding the lessons: %w", err)
		}
		if len(lessons) > 0 {
			return &Course{Root: root, Lessons: lessons}, nil
		}
		if root == filepath.Dir(root) {
			return nil, fmt.Errorf("no lessons in %s or above it: start this from inside the course", start)
		}
	}
}

func lessonsIn(root string) ([]*Lesson, error) {
	entries, err := os.ReadDir(root) // sorted, so lessons come in order
	if err != nil {
		return nil, err
	}
	var lessons []*Lesson
	for _, entry := range entries {
		if m := lessonName.FindStringSubmatch(entry.Name()); m != nil && entry.IsDir() {
			number, _ := strconv.Atoi(m[1]) // two digits, says the pattern
			lessons = append(lessons, &Lesson{entry.Name(), number, filepath.Join(root, entry.Name())})
		}
	}
	return lessons, nil
}

// Select returns the lessons that are named, or all when none is. A lesson
// answers to its folder's name and to its number.
func (c *Course) Select(names []string) ([]*Lesson, error) {
	if len(names) == 0 {
		return c.Lessons, nil
	}
	var chosen []*Lesson
	for _, name := range names {
		lesson := c.Lesson(strings.Trim(strings.TrimPrefix(name, "./"), `/\`))
		if lesson == nil {
			return nil, fmt.Errorf("there is no lesson %q", name)
		}
		chosen = append(chosen, lesson)
	}
	return chosen, nil
}

// Lesson returns the lesson of that name or number, or nil.
func (c *Course) Lesson(name string) *Lesson {
	number, err := strconv.Atoi(name)
	for _, lesson := range c.Lessons {
		if lesson.Name == name || err == nil && lesson.Number == number {
			return lesson
		}
	}
	return nil
}

// Page reads a Markdown file, named relative to the root with slashes. One that
// would take long to read is an error.
func (c *Course) Page(file string) (*Page, error) {
	source, err := ReadFile(c.Root, file)
	if err != nil {
		return nil, err
	}
	if err := Bounded(file, source); err != nil {
		return nil, err
	}
	return Parse(file, source), nil
}

// Copy makes dir a copy of the lesson's folder, to be changed or written to. It
// leaves out what is no file, such as a socket, and files of more than 1 MiB.
func (l *Lesson) Copy(dir string) error {
	return fs.WalkDir(os.DirFS(l.Dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if entry.IsDir() {
			return os.MkdirAll(to, 0o700)
		}
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
			return err
		}
		content, err := ReadFile(l.Dir, name)
		if err != nil {
			return err
		}
		return os.WriteFile(to, content, info.Mode().Perm()|0o200)
	})
}

// built are the endings of the files that the go command looks into before it
// builds, whether it uses them or not.
var built = strings.Fields(".go .mod .sum .c .cc .cpp .cxx .m .h .hh .hpp .hxx .f .F .for .f90 .s .S .sx .swig .swigcxx .syso")

// Version differs between two moments when a file of the lesson that the go command
// builds has been changed, added or removed in between, as far as sizes and times
// of files tell. One of them that ReadFile would not read is an error. Neither the
// go command nor this looks at testdata and at names that begin with a dot, as an
// editor's lock has, or with an underscore.
func (l *Lesson) Version() (string, error) {
	all := sha256.New()
	err := filepath.WalkDir(l.Dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		switch {
		case entry.IsDir() && (name == "testdata" || strings.ContainsAny(name[:1], "._")):
			return filepath.SkipDir
		case entry.IsDir(), strings.ContainsAny(name[:1], "._"), !slices.Contains(built, filepath.Ext(name)):
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() || info.Size() > maxFile { // the go command would read it
			return &fs.PathError{Op: "read", Path: file, Err: errNoFile}
		}
		fmt.Fprintln(all, file, info.Size(), info.ModTime().UnixNano())
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("looking for changes in %s: %w", l.Name, err)
	}
	return hex.EncodeToString(all.Sum(nil)), nil
}

// README is the path of the lesson's page relative to the course's root.
func (l *Lesson) README() string { return l.Name + "/README.md" }
