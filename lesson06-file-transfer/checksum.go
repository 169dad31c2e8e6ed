package transfer

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"io"
	"os"
	"sync"
	"time"
)

// maxChecksums bounds how many are remembered.
const maxChecksums = 1000

// checksums computes the md5 of a file once, for as long as the file does not
// change. Its zero value is ready to use, by many goroutines at once.
type checksums struct {
	mu    sync.Mutex
	known map[string]*checksum
}

type checksum struct {
	info os.FileInfo
	done chan struct{} // closed when sum and err are there
	sum  string
	err  error
}

// checksum returns the md5 to announce, or "" for none.
func (s *Server) checksum(ctx context.Context, name string, file *os.File, info os.FileInfo) (string, error) {
	if s.NoMD5 {
		return "", nil
	}
	return s.checksums.of(ctx, name, file, info)
}

// of returns the md5 of file, which name stands for, in hexadecimal. Whoever
// asks while it is being computed waits for it. A file is taken for unchanged
// while size, time of change and inode are the same; one that changed less than
// two seconds ago could do so again within the same tick of the clock, and is
// not remembered.
func (c *checksums) of(ctx context.Context, name string, file *os.File, info os.FileInfo) (string, error) {
	c.mu.Lock()
	entry, found := c.known[name]
	if !found || !same(entry.info, info) {
		fresh := time.Since(info.ModTime()) < 2*time.Second // when info was taken, not when all is read
		entry = &checksum{info: info, done: make(chan struct{})}
		c.remember(name, entry)
		c.mu.Unlock()
		entry.sum, entry.err = compute(ctx, file, info.Size())
		if entry.err != nil || fresh {
			c.forget(name, entry)
		}
		close(entry.done)
		return entry.sum, entry.err
	}
	c.mu.Unlock()
	select {
	case <-entry.done:
		return entry.sum, entry.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func same(a, b os.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// remember is called with c.mu held.
func (c *checksums) remember(name string, entry *checksum) {
	if c.known == nil {
		c.known = make(map[string]*checksum)
	}
	for other := range c.known {
		if len(c.known) < maxChecksums {
			break
		}
		delete(c.known, other) // any one: it is computed again when it is asked for
	}
	c.known[name] = entry
}

func (c *checksums) forget(name string, entry *checksum) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known[name] == entry {
		delete(c.known, name)
	}
}

// compute reads size bytes of file, a buffer at a time, until ctx ends.
func compute(ctx context.Context, file io.ReaderAt, size int64) (string, error) {
	hash := md5.New()
	if _, err := io.Copy(hash, &contextReader{ctx, io.NewSectionReader(file, 0, size)}); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// A contextReader fails once ctx has ended.
type contextReader struct {
	ctx context.Context
	io.Reader
}

func (r *contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
