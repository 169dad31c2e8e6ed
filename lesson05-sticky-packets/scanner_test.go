package sticky

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The loop of every tutorial ends as if there were no more lines.
func TestAScannerDoesNotSayWhyItStopsUnlessErrIsAsked(t *testing.T) {
	scanner := bufio.NewScanner(strings.NewReader("one\n" + xs(70_000) + "\nthree\n"))
	var lines []string
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
	}
	assert.Equal(t, []string{"one"}, lines, "two lines are missing, and nothing was said")
	assert.ErrorIs(t, scanner.Err(), bufio.ErrTooLong)
}

func TestLineFramingCarriesWhatAScannerLoses(t *testing.T) {
	var wire bytes.Buffer
	f := framed(t, "line", &wire)
	want := []string{"one", xs(70_000), "three"}
	for _, msg := range want {
		require.NoError(t, f.write([]byte(msg)))
	}
	assert.Equal(t, want, all(t, f))
}

func TestAScannerTakesATornLineForAWholeOneAndLineFramingDoesNot(t *testing.T) {
	scanner := bufio.NewScanner(strings.NewReader("whole\nto"))
	require.True(t, scanner.Scan())
	require.True(t, scanner.Scan())
	assert.Equal(t, "to", scanner.Text())

	f := framed(t, "line", bytes.NewBufferString("whole\nto"))
	_, err := f.read()
	require.NoError(t, err)
	_, err = f.read()
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
}
