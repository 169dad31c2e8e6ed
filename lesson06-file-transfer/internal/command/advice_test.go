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

func TestAnErrorComesInOneLineWithWhatToDoAboutIt(t *testing.T) {
	for _, failure := range []struct {
		err    error
		advice string
	}{
		{&net.DNSError{Err: "no such host", Name: "nowhere"}, "check the spelling"},
		{&net.AddrError{Err: "missing port in address", Addr: "nowhere"}, "an address is HOST:PORT"},
		{errAddrInUse, "choose another with -addr"},
		{errAddrNotAvail, "this machine does not have that address"},
		{os.ErrPermission, "choose a port from 1024 up"},
		{errConnRefused, "start the server first"},
		{errConnReset, "broke the connection off"},
		{errConnAborted, "broke the connection off"},
		{os.ErrDeadlineExceeded, "-timeout sets how long to wait"},
		{io.EOF, "the other side has closed the connection"},
		{io.ErrUnexpectedEOF, "the other side has closed the connection"},
		{os.ErrNotExist, "there is no such path"},
	} {
		err := fmt.Errorf("doing something: %w", failure.err)
		line := explain(err)
		assert.Contains(t, line, err.Error()+"; ")
		assert.Contains(t, line, failure.advice)
		assert.NotContains(t, line, "\n")
	}
	assert.Equal(t, "something else", explain(errors.New("something else")))
}

func TestOnlyAMistakeInTheCallIsWrongUsage(t *testing.T) {
	assert.True(t, isUsage(fmt.Errorf("called: %w", Usagef("no flag %q", "x"))))
	assert.True(t, isUsage(fmt.Errorf("listen: %w", &net.AddrError{})))
	assert.False(t, isUsage(errConnRefused))
}
