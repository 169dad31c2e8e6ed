package web

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/tools/txtar"

	"example.com/gosockets/tour/course"
	"example.com/gosockets/tour/runner"
)

// shared is a runner for the course that tour stands in, so that each lesson is
// built once for all tests.
var shared *runner.Runner

func TestMain(m *testing.M) {
	c, err := course.Open(".")
	if err == nil {
		shared, err = runner.New(c)
	}
	if err != nil {
		panic(err)
	}
	clock := goleak.IgnoreAnyFunction("github.com/dlclark/regexp2/v2.runClock") // of the highlighter; ends by itself
	goleak.VerifyTestMain(m, clock, goleak.Cleanup(func(status int) {
		if err := shared.Close(); err != nil {
			panic(err)
		}
		os.Exit(status)
	}))
}

// serve starts a server and returns it, its address, and a function that stops it.
func serve(t *testing.T) (s *Server, url string, stop func()) {
	t.Helper()
	return serveCourse(t, shared)
}

// small returns a runner for the small course of package check, in which old has
// become something else in one file.
func small(t *testing.T, name, old, other string) *runner.Runner {
	t.Helper()
	archive, err := txtar.ParseFile("../check/testdata/course.txtar")
	require.NoError(t, err)
	for i, file := range archive.Files {
		if file.Name == name {
			archive.Files[i].Data = bytes.Replace(file.Data, []byte(old), []byte(other), 1)
		}
	}
	files, err := txtar.FS(archive)
	require.NoError(t, err)
	root := t.TempDir()
	require.NoError(t, os.CopyFS(root, files))
	c, err := course.Open(root)
	require.NoError(t, err)
	r, err := runner.New(c)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, r.Close()) })
	return r
}

func serveCourse(t *testing.T, r *runner.Runner, edits ...func(*Server)) (s *Server, url string, stop func()) {
	t.Helper()
	s, err := New(r)
	require.NoError(t, err)
	for _, edit := range edits {
		edit(s)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, ln) }()
	stop = func() {
		if cancel(); ended != nil {
			assert.NoError(t, <-ended)
			ended = nil
		}
	}
	t.Cleanup(stop)
	return s, s.URL(ln), stop
}

// listenEverywhere returns a listener that others than this machine can reach.
func listenEverywhere(t *testing.T) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", ":0")
	require.NoError(t, err)
	t.Cleanup(func() { ln.Close() })
	return ln
}

// look is how long a test waits for something to appear on a page.
const look = time.Minute

// needPython skips the test where there is no Python.
func needPython(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		require.NotEqual(t, "true", os.Getenv("CI"), "python3 is not installed, and CI=true says it has to be")
		t.Skip("python3 is not installed")
	}
}
