package endure

import (
	"fmt"
	"os"
	"strings"
)

func levels(pid int) (l Levels) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return l // it has ended
	}
	for line := range strings.Lines(string(status)) {
		var n int
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &n); err == nil {
			l.Memory = int64(n) << 10
		}
		if _, err := fmt.Sscanf(line, "Threads: %d", &n); err == nil {
			l.Threads = n
		}
	}
	if descriptors, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid)); err == nil {
		l.Descriptors = len(descriptors)
	}
	return l
}
