package udp

import (
	"context"
	"time"
)

// backoff returns how long to pause after so many failures to receive in a row:
// longer after each and up to a second, so that an error that stays does not
// make the server spin.
func backoff(failures int) time.Duration {
	return min(time.Millisecond<<min(failures, 10), time.Second)
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
