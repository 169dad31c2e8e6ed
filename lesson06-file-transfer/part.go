package transfer

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"
)

// A part is a file that is not complete yet. It stands beside its final name,
// under a name that says which content it is the beginning of:
//
//	.NAME.MD5.part
type part struct {
	root   *os.Root
	header header
	name   string
	file   *os.File
	size   int64 // so far
	hash   *besideHash
}

var checksumText = regexp.MustCompile(`^[0-9a-f]{32}$`)

// checkable reports whether the header brings a checksum. The original brings a
// placeholder.
func (h header) checkable() bool { return checksumText.MatchString(h.MD5) }

// openPart opens the part for the file that h announces: old, if h goes on from
// there, and else an empty one.
func openPart(root *os.Root, h header, old *part) (*part, error) {
	if h.Offset > 0 { // ask has seen to it that it is old's
		old.header = h
		return old, nil
	}
	old.close()
	p := &part{root: root, header: h, name: partName(h.FileName, h.MD5), hash: newBesideHash()}
	err := root.MkdirAll(path.Dir(h.FileName), 0o777)
	if err == nil {
		err = p.clear()
	}
	if err == nil {
		err = p.create()
	}
	if err == nil {
		err = p.claim()
	}
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// clear takes the part's name from what an earlier transfer has left, unless that
// goes on still. It takes the name and leaves the content alone: a client that was
// killed between the two halves of publish has left two names for one file, and
// the other one is that of the whole file.
func (p *part) clear() error {
	left := &part{root: p.root, header: p.header, name: p.name}
	var err error
	left.file, err = p.root.OpenFile(p.name, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = left.claim()
	}
	if err == nil {
		err = p.root.Remove(p.name)
	}
	left.close()
	return err
}

// create makes the part, which is a new file.
func (p *part) create() error {
	var err error
	p.file, err = p.root.OpenFile(p.name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) { // another one has made it since clear
		return p.busy(err)
	}
	return err
}

func (p *part) busy(err error) error {
	return fmt.Errorf("%q is on its way already, to %q: %w", p.header.FileName, p.name, err)
}

// claim sees to it that no other transfer writes to the part, until it is closed.
func (p *part) claim() error {
	if err := lock(p.file); err != nil {
		return p.busy(err)
	}
	opened, err := p.file.Stat()
	if err != nil {
		return err
	}
	// Between our opening and locking the other one may have come to its end: then
	// what is open here has its final name by now. Or it has just begun, and has
	// cleared away what is open here.
	if there, err := p.root.Lstat(p.name); err != nil || !os.SameFile(opened, there) {
		return fmt.Errorf("%q has just come, or is on its way already: ask again", p.header.FileName)
	}
	return nil
}

// partName keeps the end of NAME and bounds its length: file systems take names
// of 255 bytes.
func partName(name, md5 string) string {
	base := path.Base(name)
	for len(base) > 180 {
		_, size := utf8.DecodeRuneInString(base)
		base = base[size:]
	}
	if !checksumText.MatchString(md5) {
		md5 = "unchecked"
	}
	return path.Join(path.Dir(name), "."+base+"."+md5+".part")
}

// findPart opens what is left of a broken transfer of the file called name, and
// hashes it: now, and not when the server is about to send. It returns an empty
// part if there is nothing to go on from.
func findPart(root *os.Root, name string) *part {
	none := new(part)
	entries, err := fs.ReadDir(root.FS(), path.Dir(name))
	if err != nil {
		return none // no directory, no part
	}
	longest := part{root: root}
	whole, _ := root.Lstat(name) // nil if there is none
	for _, entry := range entries {
		sum := strings.TrimSuffix(entry.Name(), ".part")
		sum = sum[strings.LastIndexByte(sum, '.')+1:]
		if !checksumText.MatchString(sum) || entry.Name() != path.Base(partName(name, sum)) {
			continue
		}
		info, err := root.Lstat(partName(name, sum))
		if err == nil && os.SameFile(info, whole) {
			root.Remove(partName(name, sum)) // see clear; no harm if it stays
			continue
		}
		if err == nil && info.Mode().IsRegular() && info.Size() > longest.size {
			longest.name, longest.size, longest.header = partName(name, sum), info.Size(), header{FileName: name, MD5: sum}
		}
	}
	if longest.size == 0 {
		return none
	}
	if longest.file, err = root.OpenFile(longest.name, os.O_RDWR, 0); err != nil {
		return none
	}
	longest.hash = newBesideHash()
	if err = longest.claim(); err == nil {
		longest.size, err = io.Copy(longest.hash, longest.file)
	}
	if err != nil {
		longest.close()
		return none
	}
	return &longest
}

// Write appends content to the part.
func (p *part) Write(content []byte) (int, error) {
	n, err := p.file.Write(content)
	p.size += int64(n)
	if p.header.checkable() { // there is something to compare with
		p.hash.Write(content[:n])
	}
	return n, err
}

// keep is for a transfer that broke off with err: it leaves the part for a
// resumption, if the server can know later what it is a part of.
func (p *part) keep(err error) error {
	how := fmt.Sprintf("%q broke off after %d of %d bytes", p.header.FileName, p.size, p.header.FileSize)
	if p.header.checkable() && p.size > 0 {
		how += ", -resume goes on from there"
	} else {
		p.remove()
	}
	return because(how, err)
}

// check compares the checksums, and removes a part that has another.
func (p *part) check() error {
	if sum := p.hash.sum(); p.header.checkable() && sum != p.header.MD5 {
		p.remove()
		return fmt.Errorf("%q came with md5 %s, but should have %s: it was changed or damaged on its way", p.header.FileName, sum, p.header.MD5)
	}
	return nil
}

// verdict says what check has found.
func (p *part) verdict() string {
	if p.header.checkable() {
		return "md5 is right"
	}
	return "not checked: the server sent no md5"
}

// publish gives the part its final name, once the disk has all of it. Without
// force it never takes the place of another file.
func (p *part) publish(force bool) error {
	if err := p.file.Sync(); err != nil {
		return err
	}
	name := p.header.FileName
	if force {
		return p.root.Rename(p.name, name)
	}
	err := p.root.Link(p.name, name) // unlike a rename it fails if the name is taken
	switch {
	case err == nil:
		p.root.Remove(p.name) // no harm if it stays: see clear
		return nil
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%q has come into being meanwhile: -force replaces it", name)
	}
	return p.root.Rename(p.name, name) // a file system without links; the name was free when the transfer began
}

func (p *part) remove() {
	p.root.Remove(p.name) // what stays in spite of this is written over by the next transfer
}

// close may be called more than once.
func (p *part) close() {
	p.file.Close()
	if p.hash != nil {
		p.hash.sum()
	}
}
