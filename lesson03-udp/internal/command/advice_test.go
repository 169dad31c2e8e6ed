package command

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEveryErrorComesWithWhatToDo(t *testing.T) {
	for _, c := range []struct {
		err    error
		advice string
	}{
		{&net.DNSError{}, "check the spelling"},
		{&net.AddrError{}, "an address is HOST:PORT"},
		{errAddrInUse, "choose another with -addr"},
		{errAddrNotAvail, "this machine does not have that address"},
		{os.ErrPermission, "choose a port from 1024 up"},
		{errConnRefused, "start the server first"},
		{errConnReset, "broke the connection off"},
		{errConnAborted, "broke the connection off"},
		{os.ErrDeadlineExceeded, "-timeout and -retries set how long to try"},
		{io.EOF, "has closed the connection"},
		{os.ErrNotExist, "there is no such path"},
	} {
		line := explain(fmt.Errorf("doing something: %w", c.err))
		assert.Regexp(t, "^doing something: .*; .*"+c.advice, line)
	}
	assert.Equal(t, "something else", explain(errors.New("something else")))
	assert.Equal(t, "two lines", explain(errors.New("two\nlines")))
}

func TestAWrongCommandLineIsUsageAndAFailureIsNot(t *testing.T) {
	assert.True(t, isUsage(Usagef("choose %d", 1)))
	assert.EqualError(t, Usagef("choose %d", 1), "choose 1 (-h lists the flags)")
	assert.True(t, isUsage(fmt.Errorf("wrapped: %w", &net.AddrError{})))
	assert.False(t, isUsage(io.EOF))
}
