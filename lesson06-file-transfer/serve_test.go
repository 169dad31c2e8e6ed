package transfer

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// A serving is a Server that serves a test, in the test's own process.
type serving struct {
	addr  string
	dir   string
	shown shown
	stop  func() error // does what Ctrl-C does, and returns what Serve returns
}

// serve lets server share dir on a free port until the test ends.
func serve(t testing.TB, server *Server, dir string) *serving {
	t.Helper()
	ln := listen(t)
	s := &serving{addr: ln.Addr().String(), dir: dir, shown: make(shown, 100_000)}
	server.Root, server.Log = openRoot(t, dir), s.shown
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, ln) }()
	s.stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-served:
			return err
		case <-time.After(patience):
			return errors.New("Serve does not return")
		}
	})
	t.Cleanup(func() { s.stop() })
	return s
}

// shown is what a server or a client shows, line by line.
type shown chan string

func (s shown) Write(text []byte) (int, error) {
	for line := range strings.Lines(string(text)) {
		s <- line
	}
	return len(text), nil
}

// until returns the next line that contains text, and forgets those before it.
func (s shown) until(t testing.TB, text string) string {
	t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case line := <-s:
			if strings.Contains(line, text) {
				return strings.TrimSuffix(line, "\n")
			}
		case <-deadline:
			require.Fail(t, "the server did not show it", text)
		}
	}
}

// count returns how many of the lines that are left end in text. Nobody may show
// any more.
func (s shown) count(text string) (n int) {
	close(s)
	for line := range s {
		if strings.HasSuffix(line, text) {
			n++
		}
	}
	return n
}

// openRoot opens dir until the test ends.
func openRoot(t testing.TB, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	t.Cleanup(func() { root.Close() })
	return root
}

// talk lets client make requests, into dir, and returns what it shows.
func talk(t testing.TB, client Client, dir, addr string, requests ...string) (shown string, err error) {
	t.Helper()
	var out bytes.Buffer
	client.Root = openRoot(t, dir)
	conn, err := client.Dial(addr)
	require.NoError(t, err)
	err = client.Talk(conn, strings.NewReader(strings.Join(requests, "\n")), &out)
	return out.String(), err
}

// connect returns a connection to addr that is closed when the test ends.
func connect(t testing.TB, addr string) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	t.Cleanup(func() { conn.Close() })
	return conn.(*net.TCPConn)
}

// send writes msg and does not wait for an answer.
func send(t testing.TB, conn net.Conn, msg string) {
	t.Helper()
	_, err := io.WriteString(conn, msg)
	require.NoError(t, err)
}

// answered reads one answer.
func answered(t testing.TB, from io.Reader) (header, string) {
	t.Helper()
	h, err := readHeader(from)
	require.NoError(t, err)
	content := make([]byte, h.FileSize-h.Offset)
	_, err = io.ReadFull(from, content)
	require.NoError(t, err)
	return h, string(content)
}

// listen opens a free port for a test.
func listen(t testing.TB) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { ln.Close() })
	return ln
}

// asServer lets speak serve one client, and returns where. Whatever goes wrong
// is the client's to notice.
func asServer(t testing.TB, speak func(conn *net.TCPConn)) (addr string) {
	t.Helper()
	ln := listen(t)
	var speaking sync.WaitGroup
	speaking.Go(func() {
		conn, err := ln.Accept()
		if err != nil {
			return // no client has come
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(patience))
		speak(conn.(*net.TCPConn))
	})
	t.Cleanup(func() { ln.Close(); speaking.Wait() })
	return ln.Addr().String()
}

// await waits for event, and no longer than the test lasts: one that has failed
// brings it about no more, and waits itself for who speaks to the client.
func await(t testing.TB, event <-chan struct{}) {
	select {
	case <-event:
	case <-t.Context().Done():
	}
}

// heard reads a request, or returns "" when there is none any more.
func heard(conn net.Conn) string {
	request := make([]byte, maxRequest)
	n, _ := conn.Read(request) // an error is the client leaving
	return string(request[:n])
}

// here is conn's own address, which the server shows its lines with.
func here(conn net.Conn) string { return conn.LocalAddr().String() }

// write writes a file that has not changed for an hour.
func write(t testing.TB, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
	require.NoError(t, os.WriteFile(path, []byte(content), 0o666))
	anHourAgo := time.Now().Add(-time.Hour)
	require.NoError(t, os.Chtimes(path, anHourAgo, anHourAgo))
}

// files returns the names of all files below dir, and what is in them.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path) // path lies in dir
		found[filepath.ToSlash(name)] = string(content)
		return err
	}))
	return found
}

// nothingLeft sees to it that the test, once it has cleaned up, leaves neither
// goroutines nor descriptors. It has to come first.
func nothingLeft(t testing.TB) {
	t.Helper()
	require.NoError(t, listen(t).Close()) // the first one opens descriptors that stay, for the runtime
	gc := debug.SetGCPercent(-1)          // which closes what was forgotten
	running := goleak.IgnoreCurrent()
	before, err := os.ReadDir("/proc/self/fd")
	t.Cleanup(func() {
		defer debug.SetGCPercent(gc)
		assert.NoError(t, goleak.Find(running))
		if err != nil {
			return // only Linux lists them
		}
		after, err := os.ReadDir("/proc/self/fd")
		assert.NoError(t, err)
		assert.LessOrEqual(t, len(after), len(before), "open descriptors")
	})
}

func onlyOne(t *testing.T, files map[string]string) string {
	t.Helper()
	require.Len(t, files, 1)
	for _, content := range files {
		return content
	}
	return ""
}

// random returns size bytes that repeat nowhere, the same ones each time.
func random(size int) string {
	content := make([]byte, size/2+1)
	rand.NewChaCha8([32]byte{}).Read(content) // which never fails
	return hex.EncodeToString(content)[:size]
}
