package transfer

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"example.com/gosockets/lesson06-file-transfer/internal/guard"
)

// A Client fetches files into Root. It asks for one after the other over one
// connection.
type Client struct {
	Root    *os.Root      // where files go; required
	Force   bool          // replace files that exist
	Resume  bool          // go on from what is left of a broken transfer
	Timeout time.Duration // the longest wait for the server's next bytes; 0 means 1 minute
	Bar     bool          // show progress as a bar on standard error, if that is wide enough; instead of as lines
}

// Dial connects to the server at addr.
func (c *Client) Dial(addr string) (net.Conn, error) {
	return net.DialTimeout("tcp", addr, c.timeout()) // socket, connect
}

// A fileError is what went wrong with one file and leaves the connection fit for
// the next request. After any other error it is not: the two sides are out of
// step.
type fileError struct{ error }

func (e fileError) Unwrap() error { return e.error }

// Talk makes the request in each line of in, "get NAME" or "list", shows on out
// what comes of it, and closes conn. What went wrong with one file is shown and,
// where the connection is still fit for it, the next request is made; the last
// such error is returned.
func (c *Client) Talk(conn net.Conn, in io.Reader, out io.Writer) error {
	conn = guard.Limit(context.Background(), conn, c.timeout())
	defer conn.Close()
	fmt.Fprintf(out, "connected: local %v, remote %v\n", conn.LocalAddr(), conn.RemoteAddr())
	var failure error
	lines := bufio.NewScanner(in)
	for lines.Scan() { // the message loop: one turn for each request
		line := strings.Trim(lines.Text(), " ")
		if line == "" {
			continue
		}
		err := c.request(conn, line, out)
		if err != nil && !errors.As(err, new(fileError)) {
			return err
		}
		if err != nil {
			fmt.Fprintln(out, "not fetched:", err)
			failure = err
		}
	}
	return cmp.Or(lines.Err(), failure)
}

func (c *Client) request(conn net.Conn, line string, out io.Writer) error {
	switch r, err := parseRequest([]byte(line)); {
	case err != nil:
		return fileError{err}
	case r.list:
		return c.list(conn, out)
	default:
		return c.get(conn, r.name, out)
	}
}

// get fetches one file: under a temporary name first, and under its own when it
// is there to the last byte and has been checked.
func (c *Client) get(conn net.Conn, name string, out io.Writer) error {
	if _, err := c.Root.Lstat(name); err == nil && !c.Force {
		return fileError{fmt.Errorf("%q is here already: -force replaces it", name)}
	}
	old := new(part)
	if c.Resume {
		old = findPart(c.Root, name)
	}
	defer old.close()
	h, err := c.await(conn, request{name: name, offset: old.size, md5: old.header.MD5}, out)
	if err != nil {
		return err
	}
	if h.FileName != name {
		return fmt.Errorf("asked for %q, got %q", name, h.FileName)
	}
	part, err := openPart(c.Root, h, old)
	if err != nil {
		return err
	}
	defer part.close()
	if err := c.receive(conn, part, out); err != nil {
		return part.keep(err)
	}
	if err := part.check(); err != nil {
		return fileError{err}
	}
	if err := part.publish(c.Force); err != nil {
		return fileError{err}
	}
	if part != old {
		c.Root.Remove(old.name) // the beginning of what is no more; no harm if it stays
	}
	fmt.Fprintf(out, "%q: %d bytes, %s\n", name, h.FileSize, part.verdict())
	return nil
}

// receive reads the content into part. The checksum is computed beside it.
func (c *Client) receive(conn net.Conn, part *part, out io.Writer) error {
	progress := c.progress(part.header, out)
	defer progress.close()
	buf := make([]byte, 256<<10)
	for part.size < part.header.FileSize {
		missing := part.header.FileSize - part.size // what follows belongs to the next answer
		n, err := conn.Read(buf[:min(int64(len(buf)), missing)])
		if _, err := part.Write(buf[:n]); err != nil {
			return err
		}
		progress.at(part.size)
		if err != nil && part.size < part.header.FileSize {
			return unexpected(err)
		}
	}
	return nil
}

func (c *Client) timeout() time.Duration { return cmp.Or(c.Timeout, time.Minute) }
