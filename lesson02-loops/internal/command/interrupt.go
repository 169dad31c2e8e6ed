package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

// Serving returns a context for a server. It ends with Ctrl-C, with SIGTERM, and
// when the terminal is closed, unless the server was started so as to outlive
// that (nohup). It calls OutliveReader.
func Serving() (ctx context.Context, stop func()) {
	OutliveReader()
	return signal.NotifyContext(context.Background(), endings()...)
}

// endings are the signals that end a program in good order.
func endings() []os.Signal {
	signals := stops
	for _, s := range hangUp {
		if !signal.Ignored(s) {
			signals = append(signals, s)
		}
	}
	return signals
}

// OutliveReader has a server go on when nobody reads its output any more, as in
// "server | head -1": writing then is an error, and no longer the program's end
// by SIGPIPE. What the server starts is not affected.
func OutliveReader() {
	if len(closedPipe) > 0 {
		signal.Notify(make(chan os.Signal, 1), closedPipe...) // a signal that is waited for ends nothing
	}
}

// CloseOnInterrupt closes closers and ends the program with status 0 when
// Ctrl-C is pressed. The kernel closes what else is open.
func CloseOnInterrupt(closers ...io.Closer) {
	interrupt := make(chan os.Signal, 1)
	signal.Notify(interrupt, endings()...)
	go func() {
		<-interrupt
		ending.Lock() // what fails because of the closing is not reported
		for _, c := range closers {
			c.Close() // nothing is left to do with an error here
		}
		os.Exit(statusDone)
	}()
}

// Interruptible returns what work returns. When Ctrl-C is pressed it closes c,
// which ends work, shows how far work was, and returns nil. It does not wait for
// work that itself waits for the person.
func Interruptible(c io.Closer, work func() error) error {
	interrupt, stop := signal.NotifyContext(context.Background(), endings()...)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- work() }()
	select {
	case err := <-done:
		return err
	case <-interrupt.Done():
	}
	c.Close() // nothing is left to do with an error here
	select {
	case err := <-done:
		if err != nil {
			fmt.Println("interrupted:", err)
		}
	case <-time.After(time.Second):
	}
	return nil
}
