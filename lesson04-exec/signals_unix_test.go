//go:build unix

package remote

import (
	"os"
	"os/signal"
	"syscall"
)

// A program inherits which signals are ignored: started with nohup, or in the
// background of a script, the programs of these tests would pass over Ctrl-C or
// a closed terminal. Who waits for a signal does not pass that on.
func init() {
	for _, s := range []os.Signal{syscall.SIGINT, syscall.SIGHUP, syscall.SIGPIPE} {
		if signal.Ignored(s) {
			signal.Notify(make(chan os.Signal, 1), s)
		}
	}
}
