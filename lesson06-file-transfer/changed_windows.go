package transfer

import (
	"os"
	"time"
)

// changed returns the file's time of change, which programs can set: content
// that is replaced behind it is found out by the client only.
func changed(info os.FileInfo) time.Time { return info.ModTime() }
