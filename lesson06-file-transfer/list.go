package transfer

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"

	"example.com/gosockets/lesson06-file-transfer/internal/guard"
	"example.com/gosockets/lesson06-file-transfer/internal/journal"
)

// The bounds of a list: how many files it names, and how long it is in bytes.
const (
	maxListed = 10_000
	maxList   = 16 << 20
)

var errTooMany = fmt.Errorf("there are more than %d files, too many for a list", maxListed)

// A listed file is one entry of a list: [{"name": string, "size": number}, …].
type listed struct {
	Name string `json:"name"`
	Size int64  `json:"size"` // in bytes
}

// list returns the regular files below root, links not followed, as JSON.
func list(root *os.Root) ([]byte, error) {
	files := []listed{}
	err := fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || checkName(name) != nil {
			return nil // what cannot be read or asked for is not listed
		}
		if len(files) == maxListed {
			return errTooMany
		}
		if info, err := entry.Info(); err == nil {
			files = append(files, listed{name, info.Size()})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(files, "", " ")
}

// sendList answers with the names of all files.
func (s *Server) sendList(conn *guard.Conn, log *journal.Journal) error {
	content, err := list(s.Root)
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
		return unexpected(err)
	}
	var files []listed
	if err := json.Unmarshal(text, &files); err != nil {
		return fmt.Errorf("this is not a list: %w", err)
	}
	for _, file := range files {
		fmt.Fprintf(out, "%12d %q\n", file.Size, file.Name)
	}
	return nil
}
