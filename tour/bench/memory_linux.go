package bench

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// memory returns how many bytes of memory a process has now, and the most it
// has ever had, or zeros where the system does not tell.
func memory(pid int) (now, most float64) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0
	}
	return kilobytes(status, "VmRSS"), kilobytes(status, "VmHWM")
}

// inMemory returns a folder that is in memory and has room for size bytes, or "".
func inMemory(size int64) string {
	const folder = "/dev/shm"
	var stat syscall.Statfs_t
	if syscall.Statfs(folder, &stat) != nil || int64(stat.Bavail)*int64(stat.Bsize) < size {
		return ""
	}
	return folder
}

// kilobytes returns the value of a line of /proc/PID/status, in bytes.
func kilobytes(status []byte, name string) float64 {
	for line := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(line, name+":"); found {
			var n float64
			fmt.Sscan(value, &n) // what is no number is 0
			return n * 1024
		}
	}
	return 0
}
