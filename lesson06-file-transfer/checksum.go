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

// How long after a change a file may change unnoticed.
const (
	tick      = 2 * time.Second // two changes within one tick of a file system's clock look like one
	writeback = time.Minute     // what has a file mapped in memory and writes on is noted again once the first is on the disk (Linux: 35 s)
)

// checksums computes the md5 of a file once, for as long as the file does not
// change. Its zero value is ready to use, by many goroutines at once.
type checksums struct {
	mu    sync.Mutex
	known map[string]*checksum
}

type checksum struct {
	info    os.FileInfo
	settled bool          // the file had been quiet for so long that it cannot have changed unnoticed
	done    chan struct{} // closed when sum and err are there
	sum     string
	err     error
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
// while size, inode, time of change and, where there is one, ctime are the same.
// The md5 of one that changed less than two seconds ago is not remembered, and of
// one that changed less than a minute ago no longer than that minute.
func (c *checksums) of(ctx context.Context, name string, file *os.File, info os.FileInfo) (string, error) {
	c.mu.Lock()
	entry, found := c.known[name]
	if !found || !entry.holdsFor(info) {
		quiet := time.Since(changed(info)) // when info was taken, not when all is read
		entry = &checksum{info: info, settled: quiet >= writeback, done: make(chan struct{})}
		c.remember(name, entry)
		c.mu.Unlock()
		entry.sum, entry.err = compute(ctx, file, info.Size())
		if entry.err != nil || quiet < tick {
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

// holdsFor reports whether the checksum is that of the file as info has it.
func (c *checksum) holdsFor(info os.FileInfo) bool {
	return same(c.info, info) && (c.settled || time.Since(changed(info)) < writeback)
}

func same(a, b os.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && changed(a).Equal(changed(b))
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
