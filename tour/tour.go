package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"

	"github.com/pkg/browser"

	"example.com/gosockets/tour/web"
)

// address is where the tour listens. It is the same each time, because a browser
// keeps what a learner has done for each address of its own.
const address = "127.0.0.1:8765"

// openBrowser is replaced by tests.
var openBrowser = func(url string) error {
	browser.Stdout, browser.Stderr = io.Discard, io.Discard
	return browser.OpenURL(url)
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
	go func() { _ = openBrowser(server.Once(ln)) }() // without one, there is the line above
	if err := server.Serve(ctx, ln); err != nil {
		fmt.Fprintln(stderr, "tour:", err)
		return 1
	}
	return 0
}
