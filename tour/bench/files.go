package bench

import (
	"context"
	"crypto/md5"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// The files that are fetched.
const (
	bigFile   = "big"
	tenthFile = "tenth" // of big
	smallFile = "small"
)

const (
	checked   = "Go server and client"
	unchecked = "Go server and client, no md5"
	firstGet  = "Go server and client, first get"
	md5Alone  = "md5 of the same file"
	goPython  = "Go server, Python client"
	pythonGo  = "Python server, Go client"
	python    = "Python server and client"
	webServer = "nginx and curl"
	netcat    = "nc and nc"
	ceiling   = "iperf3, which writes no file"
)

// A depot is a folder with files to share, and room to put them. It is laid out
// as lesson 6, so that a Python program finds share and download beside itself.
type depot struct {
	dir  string
	size map[string]int64 // of what is shared
}

// newDepot makes the files. They are old enough for a server to remember their
// md5.
func (b *bench) newDepot() (*depot, error) {
	dir, memory, err := tempDir(3 * b.big)
	if err != nil {
		return nil, err
	}
	d := &depot{dir, map[string]int64{bigFile: b.big, tenthFile: b.big / 10, smallFile: b.small}}
	where := "in memory (" + filepath.Dir(dir) + ")"
	if !memory {
		where = "in the folder for temporary files, so that the disk is measured, too"
	}
	b.notes = append(b.notes, "The files of lesson 6 are "+where+".")
	for _, folder := range []string{"share", "download", "python", "nginx"} {
		err = firstError(err, os.Mkdir(filepath.Join(dir, folder), 0o700))
	}
	for _, script := range []string{"file_server.py", "file_client.py"} {
		source, readErr := os.ReadFile(b.original(6, script))
		err = firstError(err, readErr, os.WriteFile(d.path("python", script), source, 0o600))
	}
	for name, size := range d.size {
		err = firstError(err, fill(d.path("share", name), size), d.age(name, time.Hour))
	}
	if err != nil {
		d.remove()
		return nil, err
	}
	return d, nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *depot) path(parts ...string) string {
	return filepath.Join(append([]string{d.dir}, parts...)...)
}

func (d *depot) remove() { os.RemoveAll(d.dir) }

// age sets a file's time, which makes it another file to a server that
// remembers its md5.
func (d *depot) age(name string, age time.Duration) error {
	then := time.Now().Add(-age)
	return os.Chtimes(d.path("share", name), then, then)
}

// fill makes a file of random bytes. The same MiB again and again is as random
// as it needs to be: nobody here compresses.
func fill(name string, size int64) error {
	block := make([]byte, 1<<20)
	rand.NewChaCha8([32]byte{}).Read(block)
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	for written := int64(0); written < size && err == nil; written += int64(len(block)) {
		_, err = file.Write(block[:min(int64(len(block)), size-written)])
	}
	return firstError(err, file.Close())
}

// timed measures a transfer of the shared file name to place, in bytes a
// second, and expects it to be there afterwards.
func (d *depot) timed(name, place string, transfer func() error) (float64, error) {
	removeFile(place)
	start := time.Now()
	err := transfer()
	elapsed := time.Since(start)
	if err != nil {
		return 0, err
	}
	info, err := os.Stat(place)
	if err == nil && info.Size() != d.size[name] {
		err = fmt.Errorf("%s has %d bytes, expected %d", place, info.Size(), d.size[name])
	}
	return float64(d.size[name]) / elapsed.Seconds(), err
}

// goClient starts lesson 6's client. It waits for names to get on its standard
// input, and puts files into the folder dir of the depot.
func (b *bench) goClient(ctx context.Context, d *depot, addr, dir string) (*process, error) {
	program, err := b.program(ctx, 6, "client")
	if err != nil {
		return nil, err
	}
	return start(ctx, program, "-addr", addr, "-dir", d.path(dir), "-force")
}

// get has a waiting client get a file, and waits until it says that it has it.
func (d *depot) get(client *process, name string) error {
	if _, err := io.WriteString(client.stdin, "get "+name+"\n"); err != nil {
		return err
	}
	_, err := client.await(fmt.Sprintf("%q: %d bytes, ", name, d.size[name]))
	return err
}

// pythonFetch runs lesson 6's Python client for one file. To start it is a part
// of it: it prints what it has to say when it ends.
func (d *depot) pythonFetch(ctx context.Context, addr, name string) error {
	client, err := start(ctx, "python3", d.path("python", "file_client.py"), addr)
	if err != nil {
		return err
	}
	client.drain()
	io.WriteString(client.stdin, "get "+name+"\n") // an error shows as a file that is missing
	client.stdin.Close()                           // ends it, after that
	<-client.drained
	client.cmd.Wait() // it ends with an EOFError
	if !strings.Contains(string(client.stderr.last), "EOFError") {
		return fmt.Errorf("file_client.py failed: %s", client.stderr.last)
	}
	return nil
}

// hash reads a shared file and computes its md5, in bytes a second.
func (d *depot) hash(name string) (float64, error) {
	start := time.Now()
	file, err := os.Open(d.path("share", name))
	if err != nil {
		return 0, err
	}
	defer file.Close()
	hash := md5.New()
	_, err = io.CopyBuffer(hash, onlyReader{file}, make([]byte, 256<<10))
	return float64(d.size[name]) / time.Since(start).Seconds(), err
}

// onlyReader hides WriteTo, which would not use the buffer.
type onlyReader struct{ io.Reader }

// removeFile makes room. It is not part of any time.
func removeFile(name string) { os.Remove(name) } // an error says that it is not there
