package transfer

import (
	"fmt"
	"io"

	"github.com/schollz/progressbar/v3"
)

// A progress shows how far a transfer is: as a bar that moves, with speed and
// time left for what is still to come, or as a line for each quarter.
type progress struct {
	bar     *progressbar.ProgressBar
	out     io.Writer
	header  header
	quarter int64
}

func (c *Client) progress(h header, out io.Writer) *progress {
	p := &progress{out: out, header: h}
	if c.Bar {
		p.bar = progressbar.DefaultBytes(h.FileSize-h.Offset, fmt.Sprintf("%q", h.FileName))
	}
	return p
}

// at shows that size bytes are here.
func (p *progress) at(size int64) {
	if p.bar != nil {
		p.bar.Set64(size - p.header.Offset) // an error to show it is no error of the transfer
		return
	}
	if p.header.FileSize == 0 {
		return
	}
	// In floating point: 4 times a size could pass the end of int64.
	quarter := int64(4 * float64(size) / float64(p.header.FileSize))
	if quarter > p.quarter && quarter < 4 {
		fmt.Fprintf(p.out, "%q: %d%% of %d bytes\n", p.header.FileName, 25*quarter, p.header.FileSize)
		p.quarter = quarter
	}
}

func (p *progress) close() {
	if p.bar != nil && !p.bar.IsFinished() {
		p.bar.Exit() // ends its line
	}
}
