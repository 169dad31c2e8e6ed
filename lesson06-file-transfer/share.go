package transfer

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"

	"example.com/gosockets/lesson06-file-transfer/internal/guard"
)

var (
	errNotRegular = errors.New("not a regular file")
	errLink       = errors.New("not opened: a link that is absolute or leads out of the shared directory, or a name that Windows keeps for a device")
	errSize       = errors.New("it has not the size it claims, as files in /proc and /sys")
)

// open opens the file of that name below root. Nothing leads out: os.Root
// follows no "..", no absolute path and no link to the outside. What is not a
// regular file is not even opened, since opening a device can do things and
// opening a pipe can wait for ever. What cannot be read to the size it claims is
// errSize: its header would promise what the content cannot keep.
func open(root *os.Root, name string) (*os.File, os.FileInfo, error) {
	info, err := root.Stat(name)
	if err != nil && !errors.As(err, new(syscall.Errno)) && !errors.Is(err, fs.ErrClosed) {
		err = errLink // not the system refuses, but os.Root
	}
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, errNotRegular
	}
	file, err := root.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err = regular(file) // the name may stand for another file by now
	if err == nil {
		err = checkSize(file, info.Size())
	}
	if err != nil {
		file.Close()
		return nil, nil, err
	}
	return file, info, nil
}

// checkSize looks for the last byte of a file of that size, and for a byte in an
// empty one: the files that a kernel makes up when they are read claim no bytes
// at all, or a whole page. One that has grown meanwhile is good for what it had.
func checkSize(file *os.File, size int64) error {
	n, err := file.ReadAt(make([]byte, 1), max(size-1, 0))
	if err != nil && err != io.EOF {
		return err
	}
	if n == int(min(size, 1)) {
		return nil
	}
	if now, err := file.Stat(); err != nil || now.Size() > size {
		return err
	}
	return errSize
}

// regular returns what the system knows of a file that is open.
func regular(file *os.File) (os.FileInfo, error) {
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errNotRegular
	}
	return info, err
}

// reason says why a file is not sent, to whoever asked: nothing in it comes
// from the asker unquoted, and nothing from this machine.
func reason(err error) string {
	switch {
	case errors.As(err, new(hashing)):
		return err.Error()
	case errors.Is(err, errName), errors.Is(err, errNotRegular), errors.Is(err, errSize), errors.Is(err, errLink), errors.Is(err, errRequest), errors.Is(err, errTooMany):
		return err.Error()
	case errors.Is(err, fs.ErrNotExist):
		return "no such file"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	case errors.Is(err, context.Canceled):
		return guard.ErrStopping.Error()
	}
	return "it cannot be read"
}
