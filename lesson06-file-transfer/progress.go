package transfer

import (
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// A progress shows how far a transfer is: as a bar that moves, with speed and
// time left for what is still to come, or, where a bar has no room, as a line for
// each quarter.
type progress struct {
	bar     *progressbar.ProgressBar
	out     io.Writer
	header  header
	quarter int64
}

func (c *Client) progress(h header, out io.Writer) *progress {
	p := &progress{out: out, header: h}
	columns, _, err := term.GetSize(int(os.Stderr.Fd()))
	if err != nil || columns == 0 {
		columns = 80 // for want of a better number
	}
	if c.Bar && columns >= besideName+8 {
		name := fit(fmt.Sprintf("%q", h.FileName), columns-besideName)
		p.bar = progressbar.DefaultBytes(h.FileSize-h.Offset, name)
	}
	return p
}

// besideName is how many columns a bar's line takes beside the name, at most:
// percent, sizes, speed, and the times behind and ahead.
const besideName = 62

// fit cuts text to so many columns. A letter that may be wide counts for two.
func fit(text string, columns int) string {
	width, cut := 0, 0
	for i, r := range text {
		if width < columns {
			cut = i // this much leaves room for "…"
		}
		width++
		if r >= 0x1100 {
			width++
		}
	}
	if width <= columns {
		return text
	}
	return text[:cut] + "…"
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
