//go:build unix && !darwin && !freebsd && !netbsd

package transfer

import (
	"os"
	"syscall"
	"time"
)

// changed returns when the system last noted a change of the file, its ctime:
// unlike the time of change that info.ModTime returns, no program can set it.
func changed(info os.FileInfo) time.Time {
	return time.Unix(info.Sys().(*syscall.Stat_t).Ctim.Unix())
}
