//go:build darwin || freebsd || netbsd

package transfer

import (
	"os"
	"syscall"
	"time"
)

// changed is as on other Unix systems; only the field has another name.
func changed(info os.FileInfo) time.Time {
	return time.Unix(info.Sys().(*syscall.Stat_t).Ctimespec.Unix())
}
