package remote

import (
	"errors"
	"io"
	"os"
	"time"

	"example.com/gosockets/lesson04-exec/internal/guard"
)

var errGone = errors.New("gone while its command ran")

// watch reads from conn while a command runs, which ends an idle client's
// deadline: when the client goes away, or sends more, stop is called and the
// command ends; parting later when the client may still be reading. The function
// it returns ends the watch. Its error is a reason to drop the client: what has
// been read here is missing from what comes next.
func watch(conn *guard.Conn, parting time.Duration, stop func(error)) (end func() error) {
	conn.Conn.SetReadDeadline(time.Time{})
	ended := make(chan error, 1)
	go func() {
		n, err := conn.Conn.Read(make([]byte, 1))
		switch {
		case n > 0:
			err = errMore
		case errors.Is(err, io.EOF):
			err = nil
			time.AfterFunc(parting, func() { stop(errGone) })
		case errors.Is(err, os.ErrDeadlineExceeded):
			err = nil // the watch has ended
		default:
			err = errGone
		}
		if err != nil {
			stop(err)
		}
		ended <- err
	}()
	return func() error {
		conn.Conn.SetReadDeadline(time.Now())
		return <-ended
	}
}
