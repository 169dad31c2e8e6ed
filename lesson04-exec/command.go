package remote

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxCommand is the longest command, in bytes.
const maxCommand = 1024

// Why the server runs nothing and drops the client.
var (
	errTooLong = fmt.Errorf("a command has at most %d bytes", maxCommand)
	errNotText = errors.New("a command is one line of printable text")
	errHTTP    = errors.New("this is a web browser's request, and no command")
	errMore    = errors.New("a client sends one command, and waits for its answer")
)

// httpMethods are how the requests of web pages begin. A page from anywhere can
// make the reader's browser connect to a port of the reader's own machine. The
// line breaks in its request give it away; these do too, should the line breaks
// come in a later read.
var httpMethods = []string{"GET ", "HEAD ", "POST ", "PUT ", "PATCH ", "DELETE ", "OPTIONS ", "TRACE ", "CONNECT ", "PRI "}

// parse returns the command in one read, msg: one line of printable UTF-8, with
// or without its line ending, of at most maxCommand bytes.
func parse(msg []byte) (string, error) {
	if len(msg) > maxCommand {
		return "", errTooLong
	}
	line := bytes.TrimSuffix(bytes.TrimSuffix(msg, []byte("\n")), []byte("\r"))
	unprintable := func(r rune) bool { return !unicode.IsPrint(r) }
	if !utf8.Valid(line) || bytes.ContainsFunc(line, unprintable) {
		return "", errNotText
	}
	if beginsHTTP(string(line)) {
		return "", errHTTP
	}
	return string(line), nil
}

// beginsHTTP reports whether line may be the beginning of an HTTP request, in
// however many pieces that comes: a beginning of "POST " counts as well.
func beginsHTTP(line string) bool {
	return line != "" && slices.ContainsFunc(httpMethods, func(method string) bool {
		return strings.HasPrefix(line, method) || strings.HasPrefix(method, line)
	})
}
