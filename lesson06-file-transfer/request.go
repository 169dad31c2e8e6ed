package transfer

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strconv"
	"strings"
)

// maxRequest is the longest request, in bytes.
const maxRequest = 8096

// maxStalled is how often a client asks while the server gets no further. At one
// answer in 3 seconds that is 50 minutes for one percent: at 100 MB/s, of 30 TB.
const maxStalled = 1000

// A request is what a client wants. On the wire it is one of
//
//	list
//	get NAME
//	get NAME\n OFFSET MD5
//
// in one read. NAME is all that follows "get ", blanks included: a path with
// "/" between its parts, inside the shared directory. OFFSET and MD5 ask for
// the rest of a file that a client has the beginning of; they stand behind a
// line break, which no name has, and which the original's split() takes for one
// more blank, so that it sees the name and ignores the rest.
type request struct {
	list   bool
	name   string
	offset int64
	md5    string
}

var (
	errRequest = errors.New("not a request: say \"get NAME\" or \"list\"")
	errName    = errors.New("not the name of a shared file")
)

func (r request) String() string {
	switch {
	case r.list:
		return "list"
	case r.offset > 0:
		return fmt.Sprintf("get %s\n %d %s", r.name, r.offset, r.md5)
	}
	return "get " + r.name
}

// parseRequest reads a request of at most maxRequest bytes.
func parseRequest(msg []byte) (request, error) {
	text := strings.TrimRight(string(msg), "\r\n ")
	if text == "list" {
		return request{list: true}, nil
	}
	name, isGet := strings.CutPrefix(text, "get ")
	if !isGet || len(msg) > maxRequest {
		return request{}, errRequest
	}
	name, rest, resumes := strings.Cut(name, "\n")
	r := request{name: name}
	if resumes {
		offset, md5, _ := strings.Cut(strings.TrimPrefix(rest, " "), " ")
		var err error
		if r.offset, err = strconv.ParseInt(offset, 10, 64); err != nil || r.offset < 0 {
			return request{}, errRequest
		}
		r.md5 = md5
	}
	return r, checkName(name)
}

// checkName accepts a relative path with "/" between its parts, none of which
// is "." or "..": what both sides may look for below their directories. A blank
// at its end would not survive the line it is typed in.
func checkName(name string) error {
	if name == "." || !fs.ValidPath(name) || strings.ContainsAny(name, "\x00\r\n\\") || strings.HasSuffix(name, " ") {
		return fmt.Errorf("%w: %q", errName, name)
	}
	return nil
}

// ask sends a request and reads the header of the answer.
func ask(conn net.Conn, r request) (header, error) {
	if _, err := io.WriteString(conn, r.String()); err != nil {
		return header{}, because(fmt.Sprintf("no answer to %q", r.String()), err)
	}
	h, err := readHeader(conn)
	if err != nil {
		return h, because(fmt.Sprintf("no answer to %q", r.String()), err)
	}
	if h.Offset != 0 && (h.Offset != r.offset || h.MD5 != r.md5) {
		return h, fmt.Errorf("asked for %q from %d on, got md5 %q from %d on", r.name, r.offset, h.MD5, h.Offset)
	}
	if h.Error == "" {
		return h, nil
	}
	if _, err := io.CopyN(io.Discard, conn, h.FileSize-h.Offset); err != nil { // the reason once more
		return h, because(fmt.Sprintf("no whole answer to %q", r.String()), unexpected(err))
	}
	return h, fileError{fmt.Errorf("%q: the server says %q", cmp.Or(r.name, "list"), h.Error)}
}

// await asks for a file, again and again while the server computes its md5, and
// shows how far that is. It gives up after maxStalled answers in a row that are no
// further than one before.
func (c *Client) await(conn net.Conn, r request, out io.Writer) (header, error) {
	for shown, stalled := 0, 0; ; {
		h, err := ask(conn, r)
		if h.Hashed == 0 || !errors.As(err, new(fileError)) {
			return h, err
		}
		if h.Hashed > shown && h.Hashed < 100 { // no more than 99 lines, whatever the server says
			shown, stalled = h.Hashed, 0
			fmt.Fprintf(out, "%q: the server computes its md5, %d%% so far\n", r.name, shown)
		} else if stalled++; stalled == maxStalled {
			return h, fmt.Errorf("%w, and %d times in a row no more than before", err, maxStalled)
		}
	}
}

// Requests returns what to ask for by a command line: "get NAME..." or "list".
// It returns nil for an empty one.
func Requests(args []string) (io.Reader, error) {
	switch {
	case len(args) == 0:
		return nil, nil
	case len(args) == 1 && args[0] == "list":
		return strings.NewReader("list\n"), nil
	case len(args) > 1 && args[0] == "get":
		for _, name := range args[1:] {
			if err := checkName(name); err != nil {
				return nil, err
			}
		}
		return strings.NewReader("get " + strings.Join(args[1:], "\nget ") + "\n"), nil
	}
	return nil, errRequest
}
