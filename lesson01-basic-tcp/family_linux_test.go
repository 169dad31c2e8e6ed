package basictcp

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"golang.org/x/sys/unix"
)

func TestTheOtherFamiliesAreSystemCallsAway(t *testing.T) {
	for name, args := range map[string][3]int{
		"AF_NETLINK":   {unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_ROUTE},
		"AF_PACKET":    {unix.AF_PACKET, unix.SOCK_RAW, 0},
		"AF_BLUETOOTH": {unix.AF_BLUETOOTH, unix.SOCK_SEQPACKET, unix.BTPROTO_L2CAP},
	} {
		fd, err := unix.Socket(args[0], args[1], args[2])
		if err == nil {
			assert.NoError(t, unix.Close(fd))
			continue
		}
		// May not, or has no such hardware: the call itself is there.
		assert.Contains(t, []error{unix.EPERM, unix.EACCES, unix.EAFNOSUPPORT, unix.EPROTONOSUPPORT}, err, name)
	}
}
