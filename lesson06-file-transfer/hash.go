package transfer

import (
	"crypto/md5"
	"encoding/hex"
	"sync"
)

// A besideHash computes an md5 in a goroutine of its own, so that the socket
// need not wait for it. It holds at most 4 pieces of 256 KiB.
type besideHash struct {
	free chan []byte
	full chan []byte
	sum  func() string // ends the writing, and returns the md5 in hexadecimal, as often as it is asked
}

func newBesideHash() *besideHash {
	h := &besideHash{free: make(chan []byte, 4), full: make(chan []byte, 4)}
	for range cap(h.free) {
		h.free <- nil // allocated when it is needed
	}
	sums := make(chan string, 1)
	go func() {
		hash := md5.New()
		for piece := range h.full {
			hash.Write(piece)
			h.free <- piece
		}
		sums <- hex.EncodeToString(hash.Sum(nil))
	}()
	h.sum = sync.OnceValue(func() string {
		close(h.full)
		return <-sums
	})
	return h
}

// Write takes a copy of p.
func (h *besideHash) Write(p []byte) (int, error) {
	for written := 0; written < len(p); {
		piece := <-h.free
		if piece == nil {
			piece = make([]byte, 256<<10)
		}
		n := copy(piece[:cap(piece)], p[written:])
		h.full <- piece[:n]
		written += n
	}
	return len(p), nil
}
