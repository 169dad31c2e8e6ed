// Package guard is what a TCP server needs among strangers: an accept that
// survives, a bound on every wait, and a leave that is taken in order.
package guard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"
)

// Accept waits for the next client. An error that passes, like a lack of file
// descriptors, is shown and tried again after a pause that grows to a second, so
// that the server neither ends nor spins. Any other error is returned, as is
// ctx's when that ends during a pause.
func Accept(ctx context.Context, ln net.Listener, show func(event string)) (net.Conn, error) {
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		conn, err := ln.Accept()
		if err == nil || !passes(err) {
			return conn, err
		}
		show(fmt.Sprintf("cannot accept a client, trying again in %v: %v", pause, err))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func passes(err error) bool {
	return slices.ContainsFunc(passingErrors, func(passing error) bool { return errors.Is(err, passing) })
}

// IsReset reports whether err says that the peer has broken the connection off,
// without a good-bye. (Python: ConnectionResetError.)
func IsReset(err error) bool { return errors.Is(err, errConnReset) }
