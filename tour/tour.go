package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/pkg/browser"

	"example.com/gosockets/tour/web"
)

// address is where the tour listens. It is the same each time, because a browser
// keeps what a learner has done for each address of its own.
const address = "127.0.0.1:8765"

// openBrowser is replaced by tests.
var openBrowser = func(file string) error {
	browser.Stdout, browser.Stderr = io.Discard, io.Discard
	return browser.OpenURL(fileURL(file))
}

// fileURL is the URL of a file, whose absolute name may hold what means something
// else in a URL, such as a #.
func fileURL(file string) string {
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") { // C:/
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// door writes a page that leads to target into a file that nobody but this user can
// read, and returns the file's name. What a browser is started with, every user of
// the machine can read; so that is the name. The file stands in the course, because
// browsers that are shut into a sandbox see no temporary folders, or among the
// temporary ones if it cannot.
func door(root, target string) (string, error) {
	file, err := os.CreateTemp(filepath.Join(root, "tour"), ".open-*.html") // with mode 0600
	if err != nil {
		file, err = os.CreateTemp("", ".open-*.html")
	}
	if err != nil {
		return "", err
	}
	_, err = file.Write(web.Redirect(target))
	return file.Name(), errors.Join(err, file.Close())
}

// show serves the course, and opens it in the browser, until ctx ends.
func show(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	_, r, status, ok := open(new(flag.FlagSet), args, stdout, stderr)
	if !ok {
		return status
	}
	defer r.Close()
	ln, err := net.Listen("tcp", address)
	if err != nil { // another tour runs, most likely
		ln, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		fmt.Fprintln(stderr, "tour: not listening:", err)
		return 1
	}
	server, err := web.New(r)
	if err != nil {
		fmt.Fprintln(stderr, "tour:", err)
		return 1
	}
	fmt.Fprintf(stdout, "The course is at %s\nCtrl-C ends it.\n", server.URL(ln))
	file, err := door(r.Course().Root, server.Once(ln))
	if file != "" {
		defer os.Remove(file)
	}
	if err == nil { // if not, there is the line above, as without a browser
		go func() { _ = openBrowser(file) }()
	}
	if err := server.Serve(ctx, ln); err != nil {
		fmt.Fprintln(stderr, "tour:", err)
		return 1
	}
	return 0
}
