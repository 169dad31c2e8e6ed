package transfer

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path"
	"slices"
	"strings"

	"example.com/gosockets/lesson06-file-transfer/internal/guard"
	"example.com/gosockets/lesson06-file-transfer/internal/journal"
)

// The bounds of a list: how many files it names, how long it is in bytes, and how
// many entries of directories are looked at for it.
const (
	maxListed = 10_000
	maxList   = 16 << 20
	maxLooked = 10 * maxListed
)

var errTooMany = fmt.Errorf("there is too much for a list of at most %d files, %d entries of folders and %d MiB", maxListed, maxLooked, maxList>>20)

var errNoArray = errors.New("it is not one JSON array")

// A listed file is one entry of a list: [{"name": string, "size": number}, …].
type listed struct {
	Name string `json:"name"`
	Size int64  `json:"size"` // in bytes
}

// list returns the regular files below root, links not followed, as JSON. What is
// past the bounds is errTooMany. It ends with ctx, no later than after a batch of
// a directory's entries.
func list(ctx context.Context, root *os.Root) ([]byte, error) {
	files, looked, length := []listed{}, 0, 0
	for dirs := []string{"."}; len(dirs) > 0; {
		dir := dirs[0]
		dirs = dirs[1:]
		err := batches(ctx, root, dir, func(entries []fs.DirEntry) error {
			looked += len(entries)
			for _, entry := range entries {
				name := path.Join(dir, entry.Name())
				if checkName(name) != nil || len(name) > maxRequest {
					continue // what cannot be asked for is not listed
				}
				if entry.IsDir() {
					dirs = append(dirs, name)
				}
				if info, err := root.Lstat(name); err == nil && info.Mode().IsRegular() {
					files = append(files, listed{name, info.Size()})
					length += len(name)
				}
			}
			if len(files) > maxListed || looked > maxLooked || length > maxList {
				return errTooMany
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(files, func(a, b listed) int { return strings.Compare(a.Name, b.Name) })
	text, err := json.MarshalIndent(files, "", " ")
	if err == nil && len(text) > maxList {
		err = errTooMany
	}
	return text, err
}

// batches hands over the entries of dir, a thousand at a time: a directory may
// have millions. A directory that cannot be read has none.
func batches(ctx context.Context, root *os.Root, dir string, take func([]fs.DirEntry) error) error {
	file, err := root.OpenFile(dir, os.O_RDONLY|nonBlocking, 0) // it may have come to be a pipe
	if err != nil {
		return nil
	}
	defer file.Close()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		entries, err := file.ReadDir(1000)
		if err := take(entries); err != nil {
			return err
		}
		if err != nil {
			return nil // io.EOF, mostly
		}
	}
}

// sendList answers with the names of all files.
func (s *Server) sendList(ctx context.Context, conn *guard.Conn, log *journal.Journal) error {
	content, err := list(ctx, s.Root)
	if err != nil {
		return refuse(conn, log, err)
	}
	return sendText(conn, header{FileName: "list.json"}, content)
}

// list shows what there is to get.
func (c *Client) list(conn net.Conn, out io.Writer) error {
	h, err := ask(conn, request{list: true})
	if err != nil {
		return err
	}
	if h.FileSize > maxList {
		return fmt.Errorf("a list of %d bytes is too long", h.FileSize)
	}
	text := make([]byte, h.FileSize)
	if _, err := io.ReadFull(conn, text); err != nil {
		return because(`no whole answer to "list"`, unexpected(err))
	}
	files, err := readList(text)
	if err != nil {
		return fmt.Errorf("this is not a list: %w", err)
	}
	for _, file := range files {
		fmt.Fprintf(out, "%12d %q\n", file.Size, file.Name)
	}
	return nil
}

// readList reads an array of at most maxListed files, one after the other: 16 MiB
// have room for millions.
func readList(text []byte) (files []listed, err error) {
	in := json.NewDecoder(bytes.NewReader(text))
	if start, err := in.Token(); err != nil || start != json.Delim('[') {
		return nil, cmp.Or(err, errNoArray)
	}
	for in.More() {
		var file listed
		if len(files) == maxListed {
			return nil, errTooMany
		}
		if err := in.Decode(&file); err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	if _, err := in.Token(); err != nil { // the closing bracket
		return nil, err
	}
	if _, err := in.Token(); err != io.EOF {
		return nil, errNoArray
	}
	return files, nil
}
