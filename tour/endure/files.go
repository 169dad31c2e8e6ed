package endure

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// files is what lesson 6's server shares, by name.
type files map[string][]byte

// newFiles writes files to dir.
func newFiles(dir string) (files, error) {
	f := files{
		"empty":             {},
		"plain":             []byte("hello\n"),
		"two words":         pattern(70_000),
		"folder/big.bin":    pattern(1 << 20),
		"folder/下级/文件.data": pattern(4096),
	}
	for name, content := range f {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return nil, err
		}
		// Older than the server takes for settled, so that it remembers checksums.
		old := time.Now().Add(-time.Hour)
		if err := os.Chtimes(path, old, old); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * i >> 3)
	}
	return b
}

// exchange asks for a file, or for the list, or for what must be refused.
func (f files) exchange(rng random) (request, want []byte) {
	switch rng.IntN(8) {
	case 0:
		return []byte("list"), answer("list.json", f.list(), "")
	case 1:
		name := fmt.Sprintf("../%d/passwd", rng.IntN(1000))
		return refused(name, fmt.Sprintf("not the name of a shared file: %q", name))
	case 2:
		return refused(fmt.Sprint("none/", rng.IntN(1000)), "no such file")
	}
	names := slices.Sorted(maps.Keys(f))
	name := names[rng.IntN(len(names))]
	return []byte("get " + name), answer(name, f[name], "")
}

func (f files) list() []byte {
	type entry struct {
		Name string `json:"name"`
		Size int    `json:"size"`
	}
	var entries []entry
	for _, name := range slices.Sorted(maps.Keys(f)) { // the order of a walk, for these names
		entries = append(entries, entry{name, len(f[name])})
	}
	text, err := json.MarshalIndent(entries, "", " ")
	if err != nil {
		panic(err) // strings and numbers
	}
	return text
}

func refused(name, reason string) (request, want []byte) {
	return []byte("get " + name), answer("error.txt", []byte(reason+"\n"), reason)
}

// answer is a header of lesson 6 and the content behind it.
func answer(name string, content []byte, reason string) []byte {
	return frame(struct {
		FileName string `json:"filename"`
		MD5      string `json:"md5"`
		FileSize int    `json:"file_size"`
		Error    string `json:"error,omitempty"`
	}{name, sum(content), len(content), reason}, content)
}
