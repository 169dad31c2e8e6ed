//go:build !linux

package bench

// memory returns how many bytes of memory a process has now, and the most it
// has ever had, or zeros where the system does not tell.
func memory(int) (now, most float64) { return 0, 0 }

// inMemory returns a folder that is in memory and has room for size bytes, or "".
func inMemory(int64) string { return "" }
