package transfer

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// A client waits no longer than turn for an md5. Then it is told to ask again: so
// it sees that something happens, and nobody computes for one that has left.
const turn = 3 * time.Second

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

// A checksum is the md5 of one file in one state, computed in turns by those who
// ask for it.
type checksum struct {
	info    os.FileInfo
	settled bool          // the file had been quiet for so long that it cannot have changed unnoticed
	fresh   bool          // it had changed so lately that the sum is not to be remembered
	turn    chan struct{} // full while somebody computes; hash and sum are theirs
	hash    hash.Hash     // of the first read bytes
	read    atomic.Int64
	sum     string // when all is read
}

// hashing is the error for an md5 that is not there yet: how many percent of the
// file have been read, from 1 to 99.
type hashing int

func (h hashing) Error() string {
	return fmt.Sprintf("its md5 is being computed, %d%% so far: ask again", int(h))
}

// checksum returns the md5 to announce, or "" for none. A hashing error says that
// it takes longer than turn.
func (s *Server) checksum(ctx context.Context, name string, file *os.File, info os.FileInfo) (string, error) {
	if s.NoMD5 {
		return "", nil
	}
	ctx, cancel := context.WithTimeout(ctx, turn)
	defer cancel()
	return s.checksums.of(ctx, name, file, info)
}

// of returns the md5 of file, which name stands for, in hexadecimal. Whoever
// asks while it is being computed waits for it. If ctx's deadline comes first it
// returns a hashing error, and who asks next goes on from there. A file is taken
// for unchanged while size, inode, time of change and, where there is one, ctime
// are the same.
// The md5 of one that changed less than two seconds ago is not remembered, and of
// one that changed less than a minute ago no longer than that minute. For a file
// that changes before its md5 is there, of returns "": it might change for ever.
func (c *checksums) of(ctx context.Context, name string, file *os.File, info os.FileInfo) (string, error) {
	c.mu.Lock()
	entry, found := c.known[name]
	overtaken := found && !entry.finished() && !same(entry.info, info)
	if !found || !entry.holdsFor(info) {
		entry = newChecksum(info)
		c.remember(name, entry)
	}
	c.mu.Unlock()
	if overtaken {
		return "", nil
	}
	sum, err := entry.goOn(ctx, file)
	if err != nil && ctx.Err() == nil || err == nil && entry.fresh {
		c.forget(name, entry)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		done := 100 * float64(entry.read.Load()) / float64(info.Size()+1)
		err = hashing(max(1, int(done)))
	}
	return sum, err
}

func newChecksum(info os.FileInfo) *checksum {
	quiet := time.Since(changed(info)) // when info was taken, not when all is read
	return &checksum{info: info, settled: quiet >= writeback, fresh: quiet < tick, turn: make(chan struct{}, 1), hash: md5.New()}
}

// goOn reads what is missing, a buffer at a time, until ctx ends.
func (c *checksum) goOn(ctx context.Context, file io.ReaderAt) (string, error) {
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if c.sum != "" {
		return c.sum, nil
	}
	rest := io.NewSectionReader(file, c.read.Load(), c.info.Size()-c.read.Load())
	if _, err := io.Copy(c, &contextReader{ctx, rest}); err != nil {
		return "", err
	}
	if c.read.Load() < c.info.Size() {
		return "", errSize
	}
	c.sum = hex.EncodeToString(c.hash.Sum(nil))
	return c.sum, nil
}

// finished reports whether all has been read. It is for everybody.
func (c *checksum) finished() bool { return c.read.Load() == c.info.Size() }

// Write is for who has the turn.
func (c *checksum) Write(p []byte) (int, error) {
	c.read.Add(int64(len(p)))
	return c.hash.Write(p)
}

// holdsFor reports whether the checksum is that of the file as info has it.
func (c *checksum) holdsFor(info os.FileInfo) bool {
	return same(c.info, info) && (c.settled || time.Since(changed(info)) < writeback)
}

func same(a, b os.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && changed(a).Equal(changed(b))
}

// remember is called with c.mu held. If there are too many, any one has to go, of
// the finished ones if there are any: it is computed again when it is asked for.
func (c *checksums) remember(name string, entry *checksum) {
	if c.known == nil {
		c.known = make(map[string]*checksum)
	}
	for _, whole := range []bool{true, false} {
		for other, old := range c.known {
			if len(c.known) >= maxChecksums && (old.finished() || !whole) {
				delete(c.known, other)
			}
		}
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
